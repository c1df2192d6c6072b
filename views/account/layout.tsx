import type { ComponentChildren } from 'preact';
import { SiteLayout } from '../layout.tsx';
import { useMessages } from '../look.ts';
import type { PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';

const sections = [
  'account',
  'profile',
  'secondFactors',
  'passkeys',
  'devices',
  'applications',
  'ownGroups',
  'activity',
  'data',
] as const;
export type AccountSection = (typeof sections)[number];

/** Few people look after groups. */
const sectionsFor = ({ looksAfterGroups }: PersonSummary, section: AccountSection): readonly AccountSection[] =>
  sections.filter((name) => name !== 'ownGroups' || looksAfterGroups === true || section === name);

export type AccountLayoutProps = {
  readonly title: string;
  readonly section: AccountSection;
  readonly person: PersonSummary;
  readonly script?: 'passkey.js' | undefined;
  readonly children: ComponentChildren;
};

/** A page on which people look after themselves, with the way to the others. The children hold the page's `h1`. */
export function AccountLayout({ title, section, person, script, children }: AccountLayoutProps) {
  const text = useMessages('accountNav');
  return (
    <SiteLayout title={title} current="account" person={person} script={script}>
      <div class="account">
        <nav class="account-nav" aria-label={text.title}>
          <ul class="plain">
            {sectionsFor(person, section).map((name) => (
              <li key={name}>
                <a href={sitePaths[name]} {...(name === section ? { 'aria-current': 'page' as const } : {})}>
                  {text[name]}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="account-body">{children}</div>
      </div>
    </SiteLayout>
  );
}
