import { describe, expect, it } from '@jest/globals';
import {
  birthdate,
  emailAddress,
  languagePreference,
  languageTag,
  timeZone,
  webAddress,
} from '../../../src/domain/users/attribute-types.ts';

const cases = {
  'birthdate (OpenID Connect Core §5.1)': {
    schema: birthdate,
    taken: ['1987-02-28', '2024-02-29', '0000-02-29', '0000-12-31', '1987', '0004'],
    refused: ['1987-2-28', '2023-02-29', '1987-13-01', '1987-00-10', '87', '1987-02', '1987-02-30', '28.02.1987'],
  },
  'e-mail address (RFC 5321 §4.1.2, RFC 6531)': {
    schema: emailAddress,
    taken: ['a@b.example', "o'hara+x@sub.example.com", 'admin@localhost', 'jörg@bücher.example', 'पता@उदाहरण.example'],
    refused: [
      'a',
      'a@',
      '@b',
      'a@b@c',
      'a b@c.example',
      'a@b..c',
      'a@-b.example',
      'a@b_.example',
      'a@[127.0.0.1]',
      '"a b"@c.example',
    ],
  },
  'language tag (BCP 47)': {
    schema: languageTag,
    taken: ['en', 'en-GB', 'zh-Hant-TW', 'de-DE-1996'],
    refused: ['en_GB', 'english please', 'e', '-', 'en-'],
  },
  'preferred language (RFC 7643 §4.1.1)': {
    schema: languagePreference,
    taken: ['en', 'en-US', 'da, en-gb;q=0.8, en;q=0.7', '*'],
    refused: ['en;', 'en;q=2', 'en_US', ',', 'en;q=0.8;q=0.7'],
  },
  'time zone (IANA)': {
    schema: timeZone,
    taken: ['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'],
    refused: ['Mars/Olympus', '+01:00', 'Berlin time'],
  },
  'web address': {
    schema: webAddress,
    taken: ['https://example.com', 'http://localhost:4000/p?q#f', 'HTTPS://EXAMPLE.COM/'],
    refused: [
      'javascript:alert(1)',
      'data:text/html,x',
      '//example.com',
      'example.com',
      'https://',
      'https://user:secret@example.com',
      'ftp://example.com',
      'https://exa mple.com',
      ' https://example.com',
    ],
  },
};

describe.each(Object.entries(cases))('%s', (_, { schema, taken, refused }) => {
  it.each(taken)('%s is taken', (text) => {
    expect(schema.safeParse(text).success).toBe(true);
  });

  it.each(refused)('%s is refused', (text) => {
    expect(schema.safeParse(text).success).toBe(false);
  });
});
