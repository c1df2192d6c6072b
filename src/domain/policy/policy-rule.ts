import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { blockOfText, keyedText, lineOfText } from '../users/attribute-types.ts';

const someOf = <Item extends z.ZodType>(item: Item, most = 200) =>
  z
    .array(item)
    .min(1)
    .max(most)
    .refine((given) => new Set(given).size === given.length, 'the same is there twice');

const network = z
  .string()
  .max(64)
  .refine((text) => ipaddr.isValidCIDR(text) || ipaddr.isValid(text), {
    error: 'expected an IP address or a CIDR range such as 10.0.0.0/8',
  });

/** All that are named have to hold; none named: always. */
export const conditions = z
  .strictObject({
    clients: z.exactOptional(someOf(lineOfText(512))).describe('Any of these applications, by client_id.'),
    organizations: z
      .exactOptional(someOf(keyedText(128)))
      .describe('The account is managed by any of these or below, or the application belongs there.'),
    roles: z.exactOptional(someOf(lineOfText(128))).describe('The person has any of these, themselves or inherited.'),
    groups: z.exactOptional(someOf(keyedText(256))).describe('The person is in any of these, or in one inside it.'),
    networks: z.exactOptional(someOf(network)).describe('The address is in any of these.'),
    outsideNetworks: z.exactOptional(someOf(network)).describe('The address is in none of these.'),
    knownBrowser: z
      .exactOptional(z.boolean())
      .describe('Whether the person had signed in in this browser before this sign-in.'),
    signedInMoreThanSecondsAgo: z.exactOptional(z.int().min(60).max(31_536_000)),
  })
  .describe('All that are named have to hold; none named: always.');

const shared = {
  description: z.exactOptional(lineOfText(256)),
  when: conditions.default({}),
};

export const FACTORS = ['two_factors', 'passkey'] as const;

const requirements = z
  .strictObject({
    factors: z
      .exactOptional(z.enum(FACTORS))
      .describe('two_factors: a code beside the password, or a passkey. passkey: nothing that can be phished.'),
    maxAgeSeconds: z
      .exactOptional(z.int().min(60).max(31_536_000))
      .describe('Who signed in longer ago signs in again.'),
  })
  .refine((asked) => Object.keys(asked).length > 0, 'expected something to require');

export const rule = z.discriminatedUnion('effect', [
  z.strictObject({
    effect: z.literal('allow').describe('Ends the reading of this policy: rules below do not count.'),
    ...shared,
  }),
  z.strictObject({
    effect: z.literal('require').describe('Asks for more; rules below count too.'),
    ...shared,
    requirements,
  }),
  z.strictObject({
    effect: z.literal('deny').describe('Refuses, whatever another policy says.'),
    ...shared,
    reason: blockOfText(512).describe('Shown to the person.'),
  }),
]);

export const rules = z.array(rule).max(100).describe('Read from the first to the last.');

export type Rule = z.output<typeof rule>;
export type Conditions = z.output<typeof conditions>;
export type Factors = (typeof FACTORS)[number];
