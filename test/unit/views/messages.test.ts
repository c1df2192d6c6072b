import { describe, expect, it } from '@jest/globals';
import { createElement } from 'preact';
import { createCatalogue, type PageName, sources } from '../../../views/messages/catalogue.ts';
import { parse } from '../../../views/messages/compile.ts';
import { languageNames, languages, lookUpLanguage } from '../../../views/messages/languages.ts';
import { messagesIn } from '../../support/message-tree.ts';

const english = messagesIn(sources.en);

/** The names of all places of a message, those inside plural branches too. */
function placesOf(message: string): readonly string[] {
  const names = new Set<string>();
  JSON.stringify(parse(message, 'en').getAst(), (key, value: unknown) => {
    // 1 to 6 are the kinds of argument: plain, number, date, time, select, plural.
    if (typeof value === 'object' && value !== null && 'type' in value && 'value' in value) {
      const kind = Number(value.type);
      if (kind >= 1 && kind <= 6) names.add(String(value.value));
    }
    return key === 'location' ? undefined : value;
  });
  return [...names].sort();
}

describe.each(languageNames)('issue 5 §11: the catalogue in %s', (language) => {
  const messages = messagesIn(sources[language]);

  it('has every message and no other', () => {
    expect([...messages.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('is ICU MessageFormat, with the same places as English', () => {
    const wrong = [...messages].filter(
      ([path, message]) => String(placesOf(message)) !== String(placesOf(english.get(path) ?? '')),
    );

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
