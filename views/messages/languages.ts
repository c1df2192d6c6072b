/** The languages of pages and mails. What stands here as `tag` decides how numbers and dates are written. */
export const languages = {
  en: { tag: 'en-GB', direction: 'ltr', name: 'English' },
  de: { tag: 'de', direction: 'ltr', name: 'Deutsch' },
  fr: { tag: 'fr', direction: 'ltr', name: 'Français' },
  es: { tag: 'es', direction: 'ltr', name: 'Español' },
  ja: { tag: 'ja', direction: 'ltr', name: '日本語' },
  // Codes are typed with Latin digits, so all numbers are written with them.
  ar: { tag: 'ar-u-nu-latn', direction: 'rtl', name: 'العربية' },
} as const;

export type Language = keyof typeof languages;

export const languageNames = Object.keys(languages) as readonly Language[];

export const isLanguage = (name: string): name is Language => Object.hasOwn(languages, name);

/** RFC 4647 §3.4 (lookup): the first wish whose language there is; `de-AT` finds `de`. */
export function lookUpLanguage(wishes: readonly string[]): Language | undefined {
  for (const wish of wishes) {
    const [primary = ''] = wish.toLowerCase().split(/[-_]/);
    if (isLanguage(primary)) return primary;
  }
  return undefined;
}
