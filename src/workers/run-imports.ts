import { IMPORT_DUE, runUploadedImport } from '../domain/bulk/uploaded-import.ts';
import type { OutboxHandler } from '../persistence/outbox-delivery.ts';
import type { Reader, Transact } from '../persistence/unit-of-work.ts';

/** About two minutes of trying: whoever waits for a report is told, rather than a day later. */
const MOST_ATTEMPTS = 6;

/** Imports that came through the admin API, a while at a time: a process that dies leaves its part to the next one. */
export const importHandler = (parts: { read: Reader; transact: Transact }): readonly [string, OutboxHandler] => [
  IMPORT_DUE,
  ({ payload, attempt }, signal) =>
    runUploadedImport(parts, { id: String(payload.importId), signal, isLast: attempt >= MOST_ATTEMPTS }),
];
