import type { Reader } from '../../persistence/unit-of-work.ts';
import { CLIENT_COLUMNS, type ClientRecord, type ClientRow, clientOf } from './client-record.ts';

/** A client whether enabled or not; whoever acts on it looks at `enabled`. */
export async function findClient(read: Reader, clientId: string): Promise<ClientRecord | undefined> {
  const [row] = await read.query<ClientRow>(`SELECT ${CLIENT_COLUMNS} FROM clients c WHERE c.client_id = $1`, [
    clientId,
  ]);
  return row && clientOf(row);
}
