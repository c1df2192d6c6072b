import { z } from 'zod';
import { comparisonKey } from '../../kernel/text.ts';
import { multiValued, optional, removable } from './attribute-shape.ts';
import {
  birthdate,
  blockOfText,
  certificate,
  emailAddress,
  identifyingText,
  keyedText,
  languagePreference,
  languageTag,
  lineOfText,
  timeZone,
  webAddress,
} from './attribute-types.ts';
import { CUSTOM, customInput, customPatch } from './custom-input.ts';
import { ENTERPRISE, enterpriseInput, enterprisePatch } from './enterprise-input.ts';
import { standingPatchShape, standingShape } from './standing-input.ts';

/**
 * What may be said about a person from outside: the attribute names of RFC 7643 §4.1 and §4.3 (and `birthdate`, `gender`,
 * `website` of OpenID Connect Core §5.1). Everything else is refused by name, so no door can set a column that is not here.
 */

const nameShape = {
  formatted: lineOfText(256),
  familyName: keyedText(256),
  givenName: keyedText(256),
  middleName: lineOfText(256),
  honorificPrefix: lineOfText(64),
  honorificSuffix: lineOfText(64),
};

const kind = z.exactOptional(lineOfText(64));
const primary = z.exactOptional(z.boolean());
const display = z.exactOptional(lineOfText(256));

const email = z.strictObject({
  value: emailAddress,
  display,
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
  display,
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

const valued = <Value extends z.ZodType>(value: Value) => z.strictObject({ value, display, type: kind, primary });

const optionalShape = {
  externalId: lineOfText(256),
  name: z.strictObject(optional(nameShape)),
  displayName: keyedText(256),
  nickName: lineOfText(256),
  profileUrl: webAddress,
  title: keyedText(256),
  userType: keyedText(256),
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
  photos: multiValued(valued(webAddress), 20),
  ims: multiValued(valued(lineOfText(256)), 20),
  entitlements: multiValued(valued(lineOfText(256)), 100),
  x509Certificates: multiValued(valued(certificate), 10),
};

const userName = identifyingText(320).describe('Unique without regard to case (RFC 7643 §4.1.1).');

/** A whole person, as in a creation. */
export const userInput = z.strictObject({
  userName,
  ...standingShape,
  ...optional(optionalShape),
  emails: listShape.emails.default([]).describe('The first is primary when none is marked.'),
  phoneNumbers: listShape.phoneNumbers.default([]),
  addresses: listShape.addresses.default([]),
  photos: listShape.photos.default([]),
  ims: listShape.ims.default([]),
  entitlements: listShape.entitlements.default([]),
  x509Certificates: listShape.x509Certificates.default([]),
  [ENTERPRISE]: z.exactOptional(enterpriseInput),
  [CUSTOM]: z.exactOptional(customInput),
});

/** A change by JSON merge patch (RFC 7396): `null` removes an attribute, lists are replaced whole. */
export const userPatch = z.strictObject({
  userName: z.exactOptional(userName),
  ...standingPatchShape,
  ...removable({ ...optionalShape, ...listShape }),
  name: z.exactOptional(z.nullable(z.strictObject(removable(nameShape)))),
  [ENTERPRISE]: z.exactOptional(z.nullable(enterprisePatch)),
  [CUSTOM]: z.exactOptional(z.nullable(customPatch)),
});

export type UserInput = z.output<typeof userInput>;
export type UserPatch = z.output<typeof userPatch>;
