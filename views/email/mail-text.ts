import type { Catalogue } from '../messages/catalogue.ts';
import type { MailBlock, MailContent } from './content.ts';
import { footerText } from './words.ts';

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
export const mailText = (catalogue: Catalogue, mail: MailContent, host: string): string =>
  `${[mail.heading, mail.greeting, ...mail.blocks.map(linesOf), `-- \n${footerText(catalogue, host)}`].join('\n\n')}\n`;
