import { type ComponentChildren, createContext, createElement } from 'preact';
import { useContext } from 'preact/hooks';
import type { Brand } from './brand.ts';
import { type Catalogue, createCatalogue, type Messages, type PageName } from './messages/catalogue.ts';
import type { Language } from './messages/languages.ts';

/** What all components of a page share: the language it is in, and where it is found in another. */
export type Look = {
  readonly catalogue: Catalogue;
  /** Where this page is shown in another language; absent where there is no way back to it. */
  readonly inLanguage?: ((language: Language) => string) | undefined;
  /** For pages that there are in English alone; absent: the words as they come. */
  readonly english?: Catalogue | undefined;
  /** Absent: the product's own look. */
  readonly brand?: Brand | undefined;
};

export const plainLook: Look = { catalogue: createCatalogue('en') };

export const LookContext = createContext<Look>(plainLook);

/** Around a page that there is in English alone. */
export function InEnglish({ children }: { readonly children: ComponentChildren }) {
  const { english = plainLook.catalogue, brand } = useLook();
  return createElement(LookContext.Provider, { value: { catalogue: english, brand }, children });
}

export const useLook = (): Look => useContext(LookContext);

/** The words of a page in the language of the person who sees it. Called at the top of a component, like every hook. */
export const useMessages = <Page extends PageName>(page: Page): Messages<Page> => useLook().catalogue.page(page);
