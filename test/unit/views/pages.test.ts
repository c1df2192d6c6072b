import { describe, expect, it } from '@jest/globals';
import type { VNode } from 'preact';
import { renderPage } from '../../../views/render.ts';
import { read as readSource, sourceFiles } from '../../architecture/source-files.ts';
import type { Text } from './pages.tsx';
import { allPages } from './pages.tsx';
import { polyglots } from './polyglots.ts';
import type { Element } from './read-markup.ts';
import { readMarkup, shapeOf } from './read-markup.ts';

function read(page: VNode | undefined) {
  if (!page) throw new Error('no such page');
  return readMarkup(renderPage(page));
}

function byName(elements: readonly Element[], name: string): readonly Element[] {
  return elements.filter((element) => element.name === name);
}

function controls(name: string): readonly string[] {
  return read(allPages().get(name))
    .elements.filter(({ name: element }) => element === 'input' || element === 'button')
    .map(({ attributes }) =>
      [attributes.get('name'), attributes.get('autocomplete') ?? attributes.get('value')].join('='),
    );
}

/** Leaves URLs alone: with a refused URL some pages show less, and what they show otherwise must be tried too. */
function unlessUrl(word: string): Text {
  return (sample) => (/^(?:https?:\/)?\//.test(sample) ? sample : word);
}

const names = [...allPages().keys()];
/** One static file each: the form posts itself, or a passkey is asked for. */
const withScript = new Set([
  'form-post',
  'login-work',
  'passkeys',
  'passkeys-none',
  'passkey-offer',
  'login-passkey-wrong',
]);
const urlAttributes = ['href', 'src', 'action', 'formaction', 'srcdoc', 'poster', 'data', 'xlink:href'];

describe('every page', () => {
  it('is shown by these tests, and by those in a browser', () => {
    const shown = readSource('test/unit/views/pages.tsx');
    const sources = sourceFiles('views').map(readSource);
    const pages = sources.flatMap((source) => source.match(/(?<=^export function )\w+Page\b/gm) ?? []);

    expect(pages.length).toBeGreaterThan(50);
    expect(pages.filter((page) => !shown.includes(`<${page}`)).sort()).toEqual([
      'CardPage',
      'OneFieldPage',
      'renderPage',
    ]);
  });

  it.each(names)('%s: DESIGN §8: lang, a title, one h1, one main, labels for fields', (name) => {
    const { elements } = read(allPages().get(name));

    expect(byName(elements, 'html')[0]?.attributes.get('lang')).toBe('en');
    expect(byName(elements, 'title')).toHaveLength(1);
    expect(byName(elements, 'h1')).toHaveLength(1);
    expect(byName(elements, 'main')).toHaveLength(1);
    const labelled = new Set(byName(elements, 'label').map(({ attributes }) => attributes.get('for')));
    const fields = byName(elements, 'input').filter(
      ({ attributes }) => !attributes.has('hidden') && attributes.get('type') !== 'hidden',
    );
    expect(fields.filter(({ attributes }) => !labelled.has(attributes.get('id')))).toEqual([]);
  });

  it.each(names)('%s: STYLE 23: no inline style or script, no handler, nothing from elsewhere', (name) => {
    const { elements } = read(allPages().get(name));

    const attributeNames = elements.flatMap(({ attributes }) => [...attributes.keys()]);
    const loaded = elements.flatMap(({ name: element, attributes }) =>
      element === 'link' || element === 'script' || element === 'img'
        ? [attributes.get('href') ?? attributes.get('src')]
        : [],
    );
    expect(attributeNames.filter((attribute) => attribute === 'style' || attribute.startsWith('on'))).toEqual([]);
    expect(byName(elements, 'style')).toEqual([]);
    expect(loaded.filter((url) => !url?.startsWith('/assets/'))).toEqual([]);
    expect(byName(elements, 'script')).toHaveLength(withScript.has(name) ? 1 : 0);
  });

  it.each(names)('%s: SECURITY-LESSONS 30: hostile strings add no element, attribute or URL', (name) => {
    const allowed = shapeOf(read(allPages().get(name)));

    for (const text of polyglots.flatMap((polyglot) => [() => polyglot, unlessUrl(polyglot)])) {
      const hostile = read(allPages(text).get(name));
      const urls = hostile.elements.flatMap(({ attributes }) =>
        urlAttributes.flatMap((key) => attributes.get(key) ?? []),
      );

      expect([...shapeOf(hostile)].filter((part) => !allowed.has(part))).toEqual([]);
      expect(urls.filter((url) => !/^(?:https?:\/\/|\/(?![/\\])|#)/.test(url))).toEqual([]);
    }
  });

  it.each(names)('%s: a string is shown or kept as it is, not dropped or changed', (name) => {
    const marker = `<b>"'&${name}`;
    const everything = (word: string) => {
      const { elements, texts } = read(allPages(unlessUrl(word)).get(name));
      return [...texts, ...elements.flatMap(({ attributes }) => [...attributes.values()])];
    };

    const showsData = everything('one').join() !== everything('two').join();
    expect(everything(marker).some((text) => text.includes(marker))).toBe(showsData);
  });
});

describe('DESIGN §8: names that scripts rely on', () => {
  it('login: username and password first, then the button that goes on', () => {
    expect(controls('login').filter((control) => !/^(?:csrf|xsrf)=/.test(control))).toEqual([
      'username=username',
      'password=current-password',
      '=',
      'cancel=yes',
    ]);
  });

  it('login: re-authentication keeps both fields, with the name filled in', () => {
    const { elements } = read(allPages().get('login-again'));
    const userName = elements.find(({ attributes }) => attributes.get('id') === 'username');

    expect(userName?.attributes.get('value')).toBe('alice@example.com');
    expect(controls('login-again')).toContain('password=current-password');
  });

  it('login: the password is never given back, the user name is', () => {
    const { elements } = read(allPages().get('login-wrong'));
    const field = (id: string) => elements.find(({ attributes }) => attributes.get('id') === id);

    expect(field('password')?.attributes.has('value')).toBe(false);
    expect(field('username')?.attributes.get('value')).toBe('alice@example.com');
    expect(field('username')?.attributes.get('aria-invalid')).toBe('true');
    expect(field('password')?.attributes.get('aria-describedby')).toBe('problem');
  });

  it.each([
    ['consent', ['decision=approve', 'decision=deny']],
    ['device-confirm', ['decision=approve', 'decision=deny']],
    ['confirm-logout', ['logout=yes', 'stay=yes']],
    ['device-code', ['user_code=off']],
    ['account', ['current-password=current-password', 'new-password=new-password', 'new-password-again=new-password']],
    ['set-password', ['new-password=new-password', 'new-password-again=new-password']],
    ['forgot-password', ['username=username']],
  ])('%s has %j', (name, expected) => {
    expect(controls(name)).toEqual(expect.arrayContaining([...expected]));
  });

  it.each(['consent', 'login-again', 'login', 'device-confirm', 'confirm-logout'])(
    '%s: the first submit button of the page goes on',
    (name) => {
      const { elements } = read(allPages().get(name));
      const first = byName(elements, 'button')[0]?.attributes;

      expect([undefined, 'approve', 'yes']).toContain(first?.get('value'));
      expect([undefined, 'decision', 'logout']).toContain(first?.get('name'));
    },
  );

  it('consent names the client, the resource server and every scope in words', () => {
    const page = read(allPages().get('consent')).texts.join('');

    for (const words of [
      'Orders',
      'See your profile',
      'Stay connected',
      'Orders API',
      'Read orders',
      'orders:write',
      'birthdate',
    ]) {
      expect(page).toContain(words);
    }
  });

  it('forms are posted and carry the CSRF token where the door hands one over', () => {
    for (const [name, page] of allPages()) {
      const { elements } = read(page);
      const forms = byName(elements, 'form');
      const tokens = byName(elements, 'input').filter(({ attributes }) => attributes.get('name') === 'csrf');

      expect(forms.filter(({ attributes }) => attributes.get('method') !== 'post')).toEqual([]);
      expect([name, tokens.length]).toEqual([name, name === 'form-post' ? 0 : forms.length]);
    }
  });
});
