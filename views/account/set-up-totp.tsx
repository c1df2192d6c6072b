import { Field, Form, Notice } from '../form.tsx';
import { useMessages } from '../look.ts';
import type { Messages } from '../messages/catalogue.ts';
import { QrCode } from '../qr-code.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

export type SetUpTotpPageProps = {
  readonly person: PersonSummary;
  /** POST with `code`. */
  readonly form: FormTarget;
  /** The otpauth address inside the picture. */
  readonly uri: string;
  /** In groups of four. */
  readonly manualKey: string;
  readonly problem?: keyof Messages<'setUpTotp'>['problem'] | undefined;
};

/** A seed that is nobody's factor until its code was shown. */
export function SetUpTotpPage({ person, form, uri, manualKey, problem }: SetUpTotpPageProps) {
  const text = useMessages('setUpTotp');
  const common = useMessages('common');
  return (
    <AccountLayout
      title={problem ? common.errorTitle({ title: text.title }) : text.title}
      section="secondFactors"
      person={person}
    >
      <h1>{text.title}</h1>
      {problem && (
        <Notice tone="error" id="problem">
          <p>{text.problem[problem]}</p>
        </Notice>
      )}
      <section class="panel">
        <p>{text.scan}</p>
        <QrCode content={uri} label={text.picture} />
        <dl class="facts">
          <dt>{text.key}</dt>
          <dd>
            <code class="totp-key">{manualKey}</code>
            <p class="hint">{text.keyHint}</p>
          </dd>
        </dl>
        <Form target={form} class="stack">
          <Field
            name="code"
            label={text.code}
            hint={text.codeHint}
            autoComplete="one-time-code"
            inputMode="numeric"
            isInvalid={problem === 'wrong_code' || problem === 'code_missing'}
            autoFocus
            {...(problem ? { describedBy: 'problem' } : {})}
          />
          <button type="submit" class="button">
            {text.submit}
          </button>
        </Form>
      </section>
      <p>
        <a href={sitePaths.secondFactors}>{text.back}</a>
      </p>
    </AccountLayout>
  );
}
