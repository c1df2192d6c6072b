import type { Context } from 'koa';
import { ACCOUNT_CLIENT_ID } from '../../domain/clients/account-client.ts';
import { wishBrand } from './present-pages.ts';

/** RFC 6749 Appendix A.1 */
const CLIENT_ID = /^[\x20-\x7e]{1,256}$/;

/** A page beside a sign-in, which is to look as the sign-in does. */
export const onTheWayTo = (clientId: string, path: string): string =>
  clientId === ACCOUNT_CLIENT_ID ? path : withClient(path, clientId);

export const withClient = (path: string, clientId: string | undefined): string =>
  clientId === undefined ? path : `${path}?client_id=${encodeURIComponent(clientId)}`;

/** The application whose sign-in led here, as the address has it: it decides how the page looks, and nothing else. */
export function clientOnTheWay(ctx: Context): string | undefined {
  const { client_id: clientId } = ctx.query;
  if (typeof clientId !== 'string' || !CLIENT_ID.test(clientId)) return undefined;
  wishBrand(ctx, { clientId });
  return clientId;
}
