import { isLoopbackHost } from '../config/is-loopback-host.ts';
import { MailRefused, type SendMail } from '../domain/notifications/written-mail.ts';

export type Smtp = {
  readonly send: SendMail;
  /** Connects, and signs in where there is a name; sends nothing. Throws what is wrong, without addresses. */
  check(): Promise<void>;
  close(): void;
};

const CONNECTIONS = 5;
const CONNECT_WITHIN_MS = 10_000;
const SILENT_FOR_MS = 20_000;

export type SmtpParts = {
  /** `DOORWARD_SMTP_URL` */
  readonly url: string;
  readonly from: string;
  /** Its host becomes the right part of Message-ID. */
  readonly issuer: string;
};

export function createSmtp({ url, from, issuer }: SmtpParts): Smtp {
  let opened: ReturnType<typeof openTransport> | undefined;
  const host = new URL(issuer).hostname;
  return {
    async send({ id, to, senderName, images = [], ...parts }, signal) {
      opened ??= openTransport(new URL(url));
      const transport = await opened;
      try {
        await transport.sendMail({
          ...parts,
          attachments: images.map(({ contentId, mediaType, bytes }) => ({
            cid: contentId,
            filename: `logo.${mediaType.split('/')[1]}`,
            contentType: mediaType,
            contentDisposition: 'inline' as const,
            content: Buffer.from(bytes),
          })),
          from: senderName === undefined ? from : { name: senderName, address: addressIn(from) },
          // As an object: an address is never read as a list of them.
          to: { name: '', address: to },
          messageId: `<${id}@${host}>`,
          // RFC 3834 §5: holiday notices and the like do not answer.
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          signal,
        });
      } catch (error) {
        throw asRefusal(error);
      }
    },
    async check() {
      opened ??= openTransport(new URL(url));
      const transport = await opened;
      await transport.verify().catch((error: unknown) => {
        throw asRefusal(error);
      });
    },
    close: () => void opened?.then((transport) => transport.close()),
  };
}

const addressIn = (from: string): string => /<([^>]*)>$/.exec(from)?.[1] ?? from;

/** With the first mail: the library takes megabytes. */
async function openTransport(url: URL) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    ...transportOptions(url),
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: CONNECT_WITHIN_MS,
    greetingTimeout: CONNECT_WITHIN_MS,
    socketTimeout: SILENT_FOR_MS,
    dnsTimeout: CONNECT_WITHIN_MS,
    // Nothing in a mail of ours names a file or an address to fetch; that it stays so is not left to its texts.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** RFC 8314 and RFC 3207: outside this machine a mail travels by TLS, unless the operator says otherwise in so many words. */
function transportOptions(url: URL) {
  const isLoopback = isLoopbackHost(url.hostname);
  const isImplicit = url.protocol === 'smtps:';
  const isOff = url.searchParams.get('starttls') === 'off';
  const user = decodeURIComponent(url.username);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isImplicit ? 465 : 587) : Number(url.port),
    secure: isImplicit,
    requireTLS: !isImplicit && !isLoopback && !isOff,
    ignoreTLS: isOff,
    tls: { rejectUnauthorized: !isLoopback, minVersion: 'TLSv1.2' as const },
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(url.password) } }),
  };
}

/** RFC 5321 §4.2.3: such a mailbox is not there, or takes no such mail. All else is for the operator to mend, and is tried again. */
const FOR_GOOD = new Set([550, 551, 552, 553]);

/** Mail servers repeat the recipient. The reason of a failure is kept for long, and in the audit log for ever: no address in it. */
const ADDRESS = /[^\s<>"@]{1,320}@[^\s<>"@]{1,320}/g;

const withoutAddresses = ({ message }: Error): Error => new Error(message.replaceAll(ADDRESS, '…'));

function asRefusal(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (!('responseCode' in error) || !('command' in error)) return withoutAddresses(error);
  const { responseCode, command } = error;
  const isAboutMail = command === 'RCPT TO' || command === 'DATA';
  return isAboutMail && typeof responseCode === 'number' && FOR_GOOD.has(responseCode)
    ? new MailRefused(responseCode, { cause: error })
    : withoutAddresses(error);
}
