import { describe, expect, it } from '@jest/globals';
import { browserName } from '../../../src/endpoints/http/browser-name.ts';
import { createCatalogue } from '../../../views/messages/catalogue.ts';
import { languageNames, languages } from '../../../views/messages/languages.ts';
import { allMails } from './mails.ts';
import { polyglots } from './polyglots.ts';
import { readMarkup, shapeOf } from './read-markup.ts';

const names = [...allMails().keys()];

const inLanguages = languageNames.flatMap((language) => names.map((name) => [language, name] as const));

function mailNamed(name: string, mails = allMails()) {
  const mail = mails.get(name);
  if (!mail) throw new Error(`no mail ${name}`);
  return mail;
}
const words = (text: string) => text.replace(/\s+/g, ' ').trim();

describe('every mail', () => {
  it.each(inLanguages)('%s, %s: what its HTML says, its text says too', (language, name) => {
    const mails = allMails(undefined, language);
    const { html, text, subject } = mailNamed(name, mails);
    const { address } = createCatalogue(language).page('mail');
    const shown = readMarkup(html)
      .texts.map(words)
      .filter((part) => part !== '' && part !== address && !part.includes('{') && part !== 'Doorward');
    const preview = /<div style="display:none[^"]*" aria-hidden="true">([^<]*)</.exec(html)?.[1] ?? '';

    const missing = shown.filter((part) => !words(text).includes(part) && !preview.includes(part));
    expect(missing.filter((part) => part !== subject)).toEqual([]);
  });

  it.each(names)('%s: loads nothing, runs nothing, posts nothing, and every link is on the issuer', (name) => {
    const { elements } = readMarkup(mailNamed(name).html);
    const urls = elements.flatMap(({ attributes }) =>
      ['href', 'src', 'action'].flatMap((key) => attributes.get(key) ?? []),
    );

    expect(
      elements.filter(({ name: element }) => ['img', 'script', 'link', 'form', 'iframe'].includes(element)),
    ).toEqual([]);
    expect(mailNamed(name).html).not.toMatch(/url\(|@import/);
    expect(urls.filter((url) => !url.startsWith('https://id.example.com/'))).toEqual([]);
  });

  it.each(names)(
    '%s: SECURITY-LESSONS 30: hostile strings add no element or attribute, and reach no subject',
    (name) => {
      const { html, subject } = mailNamed(name);
      const allowed = shapeOf(readMarkup(html));

      for (const polyglot of polyglots) {
        const hostile = mailNamed(
          name,
          allMails((sample) => (sample.startsWith('https://') ? sample : polyglot)),
        );
        expect([...shapeOf(readMarkup(hostile.html))].filter((part) => !allowed.has(part))).toEqual([]);
        expect(hostile.subject).toBe(subject);
      }
    },
  );

  it.each(inLanguages)('%s, %s: a subject that fits a phone, lines that no gateway has to break', (language, name) => {
    const { subject, text, html } = mailNamed(name, allMails(undefined, language));

    expect(html).toContain(`<html lang="${language}" dir="${languages[language].direction}">`);
    expect(subject.length).toBeLessThanOrEqual(50);
    // RFC 5322 §2.1.1
    expect(text.split('\n').filter((line) => line.length > 998)).toEqual([]);
  });
});

describe('how a browser is called', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15',
      'Safari on macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Safari/604.1',
      'Chrome on iOS',
    ],
    ['Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['curl/8.5.0', undefined],
    ['<a href="https://evil.example">', undefined],
    [null, undefined],
  ])('%s', (userAgent, name) => {
    expect(browserName(userAgent, ({ browser, system }) => `${browser} on ${system}`)).toBe(name);
  });
});
