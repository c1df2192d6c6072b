import { describe, expect, it } from '@jest/globals';
import { createElement } from 'preact';
import { createCatalogue, type PageName, sources } from '../../../views/messages/catalogue.ts';
import { languageNames, languages, lookUpLanguage } from '../../../views/messages/languages.ts';
import { readOverrides } from '../../../views/messages/overrides.ts';
import { placesOf } from '../../../views/messages/places.ts';
import { messagesIn } from '../../support/message-tree.ts';

const english = messagesIn(sources.en);

const namesIn = (message: string): string => [...placesOf(message).keys()].sort().join();

describe.each(languageNames)('issue 5 §11: the catalogue in %s', (language) => {
  const messages = messagesIn(sources[language]);

  it('has every message and no other', () => {
    expect([...messages.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('is ICU MessageFormat, with the same places as English', () => {
    const wrong = [...messages].filter(([path, message]) => namesIn(message) !== namesIn(english.get(path) ?? ''));

    expect(wrong).toEqual([]);
  });

  it('says something wherever English does, in words of its own', () => {
    const silent = [...messages].filter(([path, message]) => (message === '') !== (english.get(path) === ''));
    const same = [...messages].filter(
      ([path, message]) => language !== 'en' && message === english.get(path) && message.split(' ').length > 3,
    );

    expect(silent).toEqual([]);
    expect(same).toEqual([]);
  });

  it('has a branch for every plural that the language knows', () => {
    const categories = new Intl.PluralRules(languages[language].tag).resolvedOptions().pluralCategories;
    const plurals = [...messages].filter(([, message]) => message.includes(', plural,'));
    const missing = plurals.flatMap(([path, message]) =>
      categories
        // French and Spanish say "a million of": nothing here is counted so far.
        .filter((category) => category !== 'zero' && (language === 'ar' || category !== 'many'))
        .filter((category) => !message.includes(`${category} {`))
        .map((category) => `${path}: ${category}`),
    );

    expect(missing).toEqual([]);
  });

  it('compiles whole', () => {
    const catalogue = createCatalogue(language);

    for (const page of Object.keys(sources.en)) expect(catalogue.page(page as PageName)).toBeDefined();
  });
});

describe('messages', () => {
  it('text alone makes text; with an element among it, its parts in the order of the language', () => {
    const { wait } = createCatalogue('ja').page('login');
    const { backTo } = createCatalogue('ja').page('common');

    const text = wait.busy.body({ wait: '5 秒' });
    const element = createElement('bdi', {}, 'Web');
    const parts = backTo({ client: element });

    expect(text).toContain('5 秒待って');
    expect(parts).toEqual([element, ' に戻る']);
  });

  it.each([
    ['de-AT en', 'de'],
    ['pt fr-CA', 'fr'],
    ['AR', 'ar'],
    ['zh_Hans ja_JP', 'ja'],
    ['pt *', undefined],
  ])('RFC 4647 §3.4: the wish %s finds %s', (wishes, found) => {
    expect(lookUpLanguage(wishes.split(' '))).toBe(found);
  });
});

describe("issue 5 §11: an operator's own words", () => {
  it('replace single messages of one language and leave all others', () => {
    const result = readOverrides({
      de: { login: { title: 'Willkommen\n  zurück', continueTo: 'weiter zu {client}' } },
    });
    if (!result.ok) throw new Error(result.problems.join());

    const german = createCatalogue('de', result.overrides).page('login');
    const english = createCatalogue('en', result.overrides).page('login');

    expect(german.title).toBe('Willkommen zurück');
    expect(german.continueTo({ client: 'Web' })).toBe('weiter zu Web');
    expect(german.password).toBe('Passwort');
    expect(english.title).toBe(createCatalogue('en').page('login').title);
  });

  it.each([
    [{ pt: {} }, ['pt is not a language; expected en, de, fr, es, ja, ar']],
    [{ de: { lgoin: {} } }, ['de.lgoin is not a message']],
    [{ de: { login: { titel: 'x' } } }, ['de.login.titel is not a message (did you mean title?)']],
    [
      { de: { login: { __proto__: null, constructor: 'x' } } },
      [expect.stringContaining('de.login.constructor is not')],
    ],
    [{ de: { login: { title: '' } } }, ['de.login.title: expected a text']],
    [{ de: { login: { title: 7 } } }, ['de.login.title: expected a text']],
    [{ de: { login: 'x' } }, ['de.login: expected messages by their keys']],
    [{ de: { login: { continueTo: 'weiter' } } }, ['de.login.continueTo: {client} is missing']],
    [{ de: { login: { title: 'Hallo {name}' } } }, ['de.login.title: there is no {name} here']],
    [{ de: { login: { title: 'Hallo {' } } }, [expect.stringMatching(/^de\.login\.title: not ICU MessageFormat/)]],
    [
      { de: { login: { continueTo: '{client, date}' } } },
      ['de.login.continueTo: {client} is filled as plain, not as moment'],
    ],
    [['x'], [expect.stringMatching(/^expected languages/)]],
  ])('%j is refused by name', (document, problems) => {
    expect(readOverrides(document)).toEqual({ ok: false, problems });
  });

  it('the shipped words are words that an operator may write', () => {
    expect(readOverrides(sources)).toMatchObject({ ok: true });
  });
});
