import { Notice } from '../form.tsx';
import type { PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

const text = {
  title: 'Your recovery codes',
  turnedOn: 'Your authenticator app is set up.',
  lead: 'Keep these codes where you keep your passport: print this page, or store them in a password manager. Each stands in once for your authenticator app.',
  once: 'They are shown this once. Codes from before do not work any more.',
  done: 'I have kept them',
};

export type RecoveryCodesPageProps = {
  readonly person: PersonSummary;
  readonly codes: readonly string[];
  /** An authenticator app was set up just now. */
  readonly isFirst: boolean;
};

/** The one time that codes are shown. */
export function RecoveryCodesPage({ person, codes, isFirst }: RecoveryCodesPageProps) {
  return (
    <AccountLayout title={text.title} section="secondFactors" person={person}>
      <h1>{text.title}</h1>
      {isFirst && (
        <Notice tone="good">
          <p>{text.turnedOn}</p>
        </Notice>
      )}
      <section class="panel">
        <p>{text.lead}</p>
        <ul class="recovery-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <p>{text.once}</p>
        <p class="buttons">
          <a class="button" href={sitePaths.secondFactors}>
            {text.done}
          </a>
        </p>
      </section>
    </AccountLayout>
  );
}
