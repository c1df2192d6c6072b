import { domainToASCII, domainToUnicode } from 'node:url';
import { z } from 'zod';
import { lineOfText } from '../users/attribute-types.ts';

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
/** RFC 1035 §2.3.4, less what stands before it in the name of the record. */
const LONGEST = 230;

const isDomain = (name: string): boolean => {
  const labels = name.split('.');
  return (
    name.length <= LONGEST &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    // An address is no domain (RFC 1123 §2.1).
    !/^\d+$|^0x/.test(labels.at(-1) ?? '')
  );
};

/** Letters of any script, digits, hyphens and dots: nothing that a URL parser would cut off or decode. */
const WRITTEN = /^[a-z0-9.\-\u0080-\u{10ffff}]+$/iu;

/** In the form of RFC 5890 §2.3.2.1 (A-labels), lower case. */
export const domainName = lineOfText(253)
  .regex(WRITTEN, 'expected a domain such as example.com')
  .transform((text) => domainToASCII(text.trim().replace(/\.$/, '').toLowerCase()))
  .refine(isDomain, 'expected a domain such as example.com');

export type DomainName = z.output<typeof domainName>;

export const domainInput = z.strictObject({
  domain: domainName.describe('The part of addresses after the @; those below it are domains of their own.'),
});

/**
 * The domain of a proved address. Undefined where another spelling would stand for it: a look-alike that only becomes the domain
 * by normalising it is another address (SECURITY-LESSONS 2).
 */
export function domainOfAddress(address: string): DomainName | undefined {
  const written = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const domain = domainToASCII(written);
  const isAsWritten = written === domain || written === domainToUnicode(domain);
  return isAsWritten && isDomain(domain) ? domain : undefined;
}
