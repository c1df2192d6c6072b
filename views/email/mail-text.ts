import type { Look } from '../look.ts';
import type { MailBlock, MailContent } from './content.ts';
import { footerLinks, footerText } from './words.ts';

const linesOf = (block: MailBlock): string => {
  switch (block.kind) {
    case 'text':
    case 'note':
      return block.text;
    case 'button':
      return `${block.label}:\n${block.url}`;
    case 'note-link':
      return `${block.text}\n${block.label}: ${block.url}`;
    case 'facts':
      return block.facts.map(({ term, detail }) => `${term}: ${detail}`).join('\n');
  }
};

/** The plain text part: everything the HTML part says, links on lines of their own. */
export function mailText({ catalogue, brand }: Look, mail: MailContent, host: string): string {
  const links = footerLinks(catalogue, brand).map(({ label, url }) => `${label}: ${url}`);
  const foot = ['-- ', footerText(catalogue, host), ...links].join('\n');
  return `${[mail.heading, mail.greeting, ...mail.blocks.map(linesOf), foot].join('\n\n')}\n`;
}
