import type { Catalogue } from '../messages/catalogue.ts';

/** One part of a mail, as both its HTML and its plain text can show it. */
export type MailBlock =
  | { readonly kind: 'text'; readonly text: string }
  /** The one thing to do; its address stands beside it in words, for programs that do not show buttons. */
  | { readonly kind: 'button'; readonly label: string; readonly url: string }
  | { readonly kind: 'facts'; readonly facts: readonly { readonly term: string; readonly detail: string }[] }
  /** What to do when this mail is a surprise. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'note-link'; readonly text: string; readonly label: string; readonly url: string };

/** What one mail says; how it looks is the layout's. Subject and heading hold nothing that somebody typed. */
export type MailContent = {
  readonly subject: string;
  readonly heading: string;
  /** The line that mail programs show beside the subject. */
  readonly preview: string;
  readonly greeting: string;
  readonly blocks: readonly MailBlock[];
};

/** What every mail is told. */
export type MailFrame = {
  /** The words, in the language of whoever is written to. */
  readonly catalogue: Catalogue;
  /** How the person is called. */
  readonly person: string;
  /** Host of the issuer, so that people see which Doorward writes to them. */
  readonly host: string;
};
