// What all pages share, composed.
import { type Catalogue, createCatalogue, type Overrides } from '../views/messages/catalogue.ts';
import type { Language } from '../views/messages/languages.ts';
import type { Configuration } from './config/configuration.ts';
import type { BrandingLookup } from './domain/branding/branding-lookup.ts';
import type { PresentationParts } from './endpoints/http/present-pages.ts';

export function composePresentation(
  { issuer, language }: Configuration,
  words: Overrides,
  brandings: BrandingLookup,
): PresentationParts {
  const catalogues = new Map<Language, Catalogue>();
  const catalogueOf = (wanted: Language): Catalogue => {
    const found = catalogues.get(wanted) ?? createCatalogue(wanted, words);
    catalogues.set(wanted, found);
    return found;
  };
  return { issuer, language, catalogueOf, brandings };
}
