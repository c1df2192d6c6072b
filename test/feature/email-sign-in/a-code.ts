import { setPassword } from '../../../src/domain/credentials/set-password.ts';
import { linkIn, mailsTo, type ShownMail } from '../../support/mail.ts';
import type { RunningServer } from '../../support/running-server.ts';
import { type Page, WebVisitor } from '../../support/web-visitor.ts';
import { authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { anAddressee } from '../mail/a-mail.ts';

/** Somebody with a proved address, and a password beside it. */
export async function aPersonWithAddress(server: RunningServer) {
  const person = await anAddressee(server);
  await givePassword(server, person);
  return person;
}

export async function givePassword({ foundation }: RunningServer, { id }: { readonly id: string }): Promise<void> {
  const hash = await foundation.hashing.hashPassword(password);
  await foundation.transact({ type: 'operator', id: 'test' }, (tx) => setPassword(tx, { userId: id, hash }));
}

export const codeIn = ({ text }: Pick<ShownMail, 'text'>): string => /\b(\d{4} \d{4})\b/.exec(text)?.[1] ?? '';
export const linkOf = (server: RunningServer, mail: Pick<ShownMail, 'text'>): string =>
  linkIn(mail, `${server.issuer}/interaction/`);

export type Asked = { readonly visitor: WebVisitor; readonly page: Page };

/** From the sign-in page to the page that waits for the code. */
export async function ask(
  server: RunningServer,
  app: TestClient,
  userName: string,
  visitor = new WebVisitor(server),
): Promise<Asked> {
  const login = await visitor.get(authorizeUrl(server, app));
  const path = /href="([^"]+\/email)"/.exec(login.html)?.[1] ?? 'no link';
  const page = await visitor.submit(await visitor.get(path), 'username', { username: userName });
  return { visitor, page };
}

export async function newestMail(server: RunningServer, address: string, count = 1): Promise<ShownMail> {
  const [mail] = await mailsTo(server, address, count);
  if (!mail) throw new Error(`no mail to ${address}`);
  return mail;
}

export const enter = ({ visitor, page }: Asked, code: string): Promise<Page> => visitor.submit(page, 'code', { code });

/** The authorization code, when the browser came back to the application. */
export const grantOf = (server: RunningServer, page: Page): string | undefined =>
  page.url.startsWith(server.issuer) ? undefined : callback(page.url).code;
