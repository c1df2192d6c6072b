import { z } from 'zod';
import { comparisonKey } from '../../kernel/text.ts';
import {
  birthdate,
  blockOfText,
  emailAddress,
  identifyingText,
  keyedText,
  languagePreference,
  languageTag,
  lineOfText,
  timeZone,
  webAddress,
} from './attribute-types.ts';

/**
 * What may be said about a person from outside: the attribute names of RFC 7643 §4.1 (and `birthdate`, `gender`, `website` of
 * OpenID Connect Core §5.1). Everything else is refused by name, so no door can set a column that is not here.
 */

const nameShape = {
  formatted: lineOfText(256),
  familyName: keyedText(256),
  givenName: keyedText(256),
  middleName: lineOfText(256),
  honorificPrefix: lineOfText(64),
  honorificSuffix: lineOfText(64),
};

type Shape = Readonly<Record<string, z.ZodType>>;
type Optional<S extends Shape> = { [Name in keyof S]: z.ZodExactOptional<S[Name]> };
type Removable<S extends Shape> = { [Name in keyof S]: z.ZodExactOptional<z.ZodNullable<S[Name]>> };

const optional = <S extends Shape>(shape: S): Optional<S> =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, z.exactOptional(field)])) as Optional<S>;
const removable = <S extends Shape>(shape: S): Removable<S> =>
  Object.fromEntries(
    Object.entries(shape).map(([name, field]) => [name, z.exactOptional(z.nullable(field))]),
  ) as Removable<S>;

const atMostOnePrimary = (
  items: readonly { readonly primary?: boolean }[],
  report: (path: PropertyKey[], message: string) => void,
): void => {
  const first = items.findIndex((item) => item.primary === true);
  items.forEach((item, index) => {
    if (item.primary === true && index !== first)
      report([index, 'primary'], 'at most one may be primary (RFC 7643 §2.4)');
  });
};

const kind = z.exactOptional(lineOfText(64));
const primary = z.exactOptional(z.boolean());

const multiValued = <Item extends z.ZodType<{ readonly primary?: boolean }>>(item: Item, maximum: number) =>
  z
    .array(item)
    .max(maximum, `expected at most ${maximum}`)
    .superRefine((items, context) =>
      atMostOnePrimary(items, (path, message) => context.addIssue({ code: 'custom', path, message })),
    );

const email = z.strictObject({
  value: emailAddress,
  type: kind,
  primary,
  verified: z.exactOptional(z.boolean()).describe('True only when someone proved that the address is theirs.'),
});

const emails = multiValued(email, 50).superRefine((items, context) => {
  const seen = new Set<string>();
  items.forEach(({ value }, index) => {
    const key = comparisonKey(value);
    if (seen.has(key))
      context.addIssue({ code: 'custom', path: [index, 'value'], message: 'the address is there twice' });
    seen.add(key);
  });
});

const phoneNumber = z.strictObject({
  value: lineOfText(64),
  type: kind,
  primary,
  verified: z.exactOptional(z.boolean()),
});

const address = z.strictObject({
  ...optional({
    formatted: blockOfText(1024),
    streetAddress: blockOfText(512),
    locality: lineOfText(256),
    region: lineOfText(256),
    postalCode: lineOfText(64),
    country: lineOfText(64),
  }),
  type: kind,
  primary,
});

const photo = z.strictObject({ value: webAddress, type: kind, primary });

const optionalShape = {
  externalId: lineOfText(256),
  name: z.strictObject(optional(nameShape)),
  displayName: keyedText(256),
  nickName: lineOfText(256),
  profileUrl: webAddress,
  title: lineOfText(256),
  userType: lineOfText(256),
  preferredLanguage: languagePreference,
  locale: languageTag,
  timezone: timeZone,
  gender: lineOfText(64),
  birthdate,
  website: webAddress,
};

const listShape = {
  emails,
  phoneNumbers: multiValued(phoneNumber, 20),
  addresses: multiValued(address, 20),
  photos: multiValued(photo, 20),
};

const userName = identifyingText(320).describe('Unique without regard to case (RFC 7643 §4.1.1).');
const active = z.boolean();

/** A whole person, as in a creation. */
export const userInput = z.strictObject({
  userName,
  active: active.default(true),
  ...optional(optionalShape),
  emails: listShape.emails.default([]).describe('The first is primary when none is marked.'),
  phoneNumbers: listShape.phoneNumbers.default([]),
  addresses: listShape.addresses.default([]),
  photos: listShape.photos.default([]),
});

/** A change by JSON merge patch (RFC 7396): `null` removes an attribute, lists are replaced whole. */
export const userPatch = z.strictObject({
  userName: z.exactOptional(userName),
  active: z.exactOptional(active),
  ...removable({ ...optionalShape, ...listShape }),
  name: z.exactOptional(z.nullable(z.strictObject(removable(nameShape)))),
});

export type UserInput = z.output<typeof userInput>;
export type UserPatch = z.output<typeof userPatch>;
