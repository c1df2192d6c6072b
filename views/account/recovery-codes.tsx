import { Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

export type RecoveryCodesPageProps = {
  readonly person: PersonSummary;
  readonly codes: readonly string[];
  /** What was set up just now, as the first. */
  readonly setUp?: 'totp' | 'passkey' | undefined;
};

export function RecoveryCodeList({ codes }: Pick<RecoveryCodesPageProps, 'codes'>) {
  return (
    <ul class="recovery-codes">
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  );
}

/** The one time that codes are shown. */
export function RecoveryCodesPage({ person, codes, setUp }: RecoveryCodesPageProps) {
  const text = useMessages('recoveryCodes');
  const passkeys = useMessages('passkeys');
  return (
    <AccountLayout title={text.title} section="secondFactors" person={person}>
      <h1>{text.title}</h1>
      {setUp && (
        <Notice tone="good">
          <p>{setUp === 'totp' ? text.turnedOn : passkeys.notice.added}</p>
        </Notice>
      )}
      <section class="panel">
        <p>{text.lead}</p>
        <RecoveryCodeList codes={codes} />
        <p>{text.once}</p>
        <p class="buttons">
          {/* Who has just set up an app is asked for its next code over there. */}
          <a class="button" href={setUp === 'totp' ? sitePaths.account : sitePaths.secondFactors}>
            {text.done}
          </a>
        </p>
      </section>
    </AccountLayout>
  );
}
