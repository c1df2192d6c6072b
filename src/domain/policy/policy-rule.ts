import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { SESSION_ABSOLUTE_SECONDS, SESSION_IDLE_SECONDS } from '../sessions/session-lifetimes.ts';
import { blockOfText, keyedText, lineOfText, webAddress } from '../users/attribute-types.ts';

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
    risk: z
      .exactOptional(z.enum(['elevated', 'high']))
      .describe('At least this: one thing about the sign-in is unusual, or several are.'),
    signedInMoreThanSecondsAgo: z.exactOptional(z.int().min(60).max(31_536_000)),
  })
  .describe('All that are named have to hold; none named: always.');

const shared = {
  description: z.exactOptional(lineOfText(256)),
  when: conditions.default({}),
};

export const FACTORS = ['two_factors', 'passkey'] as const;

export const termsDocument = z.strictObject({
  document: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, 'expected small letters, digits and - after a first letter')
    .describe('Which document it is, over its versions. terms is the one that accounts are made under.'),
  version: lineOfText(64),
  title: lineOfText(128).describe('Shown to the person.'),
  url: webAddress,
});

/** Before the name of an attribute of the operator. */
export const CUSTOM_PREFIX = 'custom.';

/** What people can be asked to say of themselves. */
export const ASKABLE = [
  ...['displayName', 'givenName', 'familyName', 'nickName', 'preferredLanguage', 'locale', 'timezone'],
  ...['birthdate', 'gender', 'website', 'profileUrl'],
] as const;

const attribute = z
  .string()
  .max(80)
  .refine((name) => (ASKABLE as readonly string[]).includes(name) || /^custom\.[A-Za-z][\w-]{0,63}$/.test(name), {
    error: `expected one of ${ASKABLE.join(', ')}, or custom. and the name of an attribute of yours`,
  });

export const requirements = z
  .strictObject({
    factors: z
      .exactOptional(z.enum(FACTORS))
      .describe('two_factors: a code beside the password, or a passkey. passkey: nothing that can be phished.'),
    maxAgeSeconds: z
      .exactOptional(z.int().min(60).max(31_536_000))
      .describe('Who signed in longer ago signs in again.'),
    changesMaxAgeSeconds: z
      .exactOptional(z.int().min(60).max(900))
      .describe(
        'Who changes how they sign in, or takes their data, signed in at most this long ago; 900 where nobody asks.',
      ),
    sessionLifetimeSeconds: z
      .exactOptional(z.int().min(300).max(SESSION_ABSOLUTE_SECONDS))
      .describe('A session is none any more after it, nor are the tokens that end with it.'),
    sessionIdleSeconds: z
      .exactOptional(z.int().min(300).max(SESSION_IDLE_SECONDS))
      .describe('A session that nobody used for longer is none any more.'),
    rememberBrowserDays: z
      .exactOptional(z.int().min(0).max(365))
      .describe('A second factor is asked anew in browsers trusted longer ago; 0: in all.'),
    passwordMinimumLength: z
      .exactOptional(z.int().min(8).max(128))
      .describe('Of a new password, in characters. Not in rules of an application.'),
    passwordRefusesNames: z
      .exactOptional(z.literal(true))
      .describe(
        'A new password holds no part of the user name, the address or the organization’s name. Not in rules of an application.',
      ),
    terms: z.exactOptional(z.array(termsDocument).min(1).max(10)).describe('Who has not accepted them is asked to.'),
    attributes: z
      .exactOptional(someOf(attribute, 20))
      .describe('Who has no value for one of these is asked for it; custom.NAME is an attribute of yours.'),
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
export type Requirements = z.output<typeof requirements>;
export type Conditions = z.output<typeof conditions>;
export type TermsDocument = z.output<typeof termsDocument>;
export type Factors = (typeof FACTORS)[number];
