// What the pages say, in every language: English is the source, whose keys and places the others share.
import { ar } from './ar/all.ts';
import { compile, type MessageTree } from './compile.ts';
import { de } from './de/all.ts';
import { en } from './en/all.ts';
import { es } from './es/all.ts';
import { fr } from './fr/all.ts';
import { ja } from './ja/all.ts';
import { type Language, languages } from './languages.ts';
import type { Compiled } from './message-types.ts';

export type PageName = keyof typeof en;

/** The messages of one page, as a view reads them. */
export type Messages<Page extends PageName> = Compiled<(typeof en)[Page]>;

export const sources: Readonly<Record<Language, { readonly [Page in PageName]: MessageTree }>> = {
  ...{ en, de, fr, es, ja, ar },
};

/** An operator's own words: by language, page and the path of keys in it. */
export type Overrides = { readonly [Code in Language]?: Readonly<Record<string, MessageTree>> };

export type Catalogue = { readonly language: Language; page<Page extends PageName>(page: Page): Messages<Page> };

/** Each page's messages are compiled when they are first asked for, once for each language. */
export function createCatalogue(language: Language, overrides: Overrides = {}): Catalogue {
  const compiled = new Map<PageName, unknown>();
  return {
    language,
    page<Page extends PageName>(page: Page): Messages<Page> {
      let found = compiled.get(page);
      if (found === undefined) {
        const words = merge(sources[language][page], overrides[language]?.[page]);
        found = compile(sources.en[page], words, languages[language].tag);
        compiled.set(page, found);
      }
      return found as Messages<Page>;
    },
  };
}

/** The same words, where the product is called otherwise. */
export function withProduct(catalogue: Catalogue, product: string): Catalogue {
  return {
    language: catalogue.language,
    page<Page extends PageName>(page: Page): Messages<Page> {
      const words = catalogue.page(page);
      return page === 'layout' ? { ...words, product } : words;
    },
  };
}

function merge(words: MessageTree, own: MessageTree | undefined): MessageTree {
  if (own === undefined || typeof own === 'string' || typeof words === 'string') return own ?? words;
  return Object.fromEntries(Object.entries(words).map(([key, word]) => [key, merge(word, own[key])]));
}
