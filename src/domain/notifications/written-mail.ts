/** A mail as it is sent: a room says that it is due, a view words it, a connector carries it. */
export type WrittenMail = {
  /** The outbox message's. Also the Message-ID's left part: a mail that is sent twice is one mail to whoever gets it. */
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The name of the sender; absent: the one beside the address in DOORWARD_MAIL_FROM. */
  readonly senderName?: string;
  /** What the HTML shows comes along with it: nothing is loaded from anywhere. */
  readonly images?: readonly MailImage[];
};

export type MailImage = {
  /** RFC 2392: the HTML names it as `cid:…`. */
  readonly contentId: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
};

/** Resolves when somebody has taken the mail. Throws {@link MailRefused}; anything else is worth another attempt. */
export type SendMail = (mail: WrittenMail, signal: AbortSignal) => Promise<void>;

/** The mail server will not take this mail, now or later. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
  /** RFC 5321 §4.2 */
  readonly replyCode: number;

  constructor(replyCode: number, options: ErrorOptions) {
    super(`the mail server refused the mail for good (${replyCode})`, options);
    this.replyCode = replyCode;
  }
}
