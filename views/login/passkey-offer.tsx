import { RecoveryCodeList } from '../account/recovery-codes.tsx';
import { Form, Notice } from '../form.tsx';
import { CardPage } from '../layout.tsx';
import { Link } from '../link.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { PasskeyForm, type PasskeyPrompt } from '../passkey.tsx';
import { PersonCard } from '../person.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';

export type PasskeyOfferProblem = Exclude<keyof Messages<'passkeys'>['problem'], 'too_many' | 'name_missing'>;

type PasskeyOfferPageProps = {
  readonly person: PersonSummary;
  readonly prompt: PasskeyPrompt;
  /** POST with `later=yes`. */
  readonly later: FormTarget;
  readonly problem?: PasskeyOfferProblem | undefined;
};

/** After a sign-in by password, before it goes on: it does so whatever is chosen here, and without script too. */
export function PasskeyOfferPage({ person, prompt, later, problem }: PasskeyOfferPageProps) {
  const text = useMessages('passkeyOffer');
  const passkeys = useMessages('passkeys');
  const { errorTitle } = useMessages('common');
  return (
    <CardPage title={problem ? errorTitle({ title: text.title }) : text.title} script="passkey.js">
      <h1>{text.title}</h1>
      {problem && (
        <Notice tone="error" id="problem">
          <p>{passkeys.problem[problem]}</p>
        </Notice>
      )}
      <PersonCard person={person} />
      <p>{passkeys.lead}</p>
      <PasskeyForm mode="create" isMain isWide {...prompt} />
      <Form target={later}>
        <button type="submit" class="button button-quiet button-wide" name="later" value="yes">
          {text.later}
        </button>
      </Form>
      <p class="hint">{text.laterHint}</p>
    </CardPage>
  );
}

/** The one time that codes are shown which come with a first passkey. */
export function OfferedCodesPage({ codes, goOnUrl }: { readonly codes: readonly string[]; readonly goOnUrl: string }) {
  const text = useMessages('recoveryCodes');
  const { notice } = useMessages('passkeys');
  const { goOn } = useMessages('common');
  return (
    <CardPage title={text.title}>
      <h1>{text.title}</h1>
      <Notice tone="good">
        <p>{notice.added}</p>
      </Notice>
      <p>{text.lead}</p>
      <RecoveryCodeList codes={codes} />
      <p>{text.once}</p>
      <p class="card-buttons">
        <Link href={goOnUrl} class="button button-wide">
          {goOn}
        </Link>
      </p>
    </CardPage>
  );
}
