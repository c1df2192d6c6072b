import { Field, Form, Notice } from '../form.tsx';
import { QrCode } from '../qr-code.tsx';
import type { FormTarget, PersonSummary } from '../site.ts';
import { sitePaths } from '../site.ts';
import { AccountLayout } from './layout.tsx';

const text = {
  title: 'Set up an authenticator app',
  errorTitle: 'Error: Set up an authenticator app',
  scan: 'Scan this picture with your authenticator app, or type the key into it.',
  picture: 'QR code for your authenticator app; the key below says the same',
  key: 'Key',
  keyHint: 'Time-based, six digits, SHA-1, 30 seconds.',
  code: 'Code',
  codeHint: 'The six digits that the app shows now.',
  submit: 'Turn on',
  back: 'Back, and change nothing',
  problem: {
    wrong_code: 'That code did not fit. Enter the newest one. Does your device show the right time?',
    code_missing: 'Enter the code that the app shows.',
    form_expired: 'This page had been open too long. Please scan the picture again.',
  },
};

export type SetUpTotpPageProps = {
  readonly person: PersonSummary;
  /** POST with `code`. */
  readonly form: FormTarget;
  /** The otpauth address inside the picture. */
  readonly uri: string;
  /** In groups of four. */
  readonly manualKey: string;
  readonly problem?: keyof typeof text.problem | undefined;
};

/** A seed that is nobody's factor until its code was shown. */
export function SetUpTotpPage({ person, form, uri, manualKey, problem }: SetUpTotpPageProps) {
  return (
    <AccountLayout title={problem ? text.errorTitle : text.title} section="secondFactors" person={person}>
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
