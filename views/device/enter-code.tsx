import { OneFieldPage } from '../one-field-page.tsx';
import { fill } from '../phrase.tsx';
import type { FormTarget } from '../site.ts';
import { useWaitTime } from '../wait-time.ts';

const text = {
  title: 'Connect a device',
  errorTitle: 'Error: Connect a device',
  lead: 'Enter the code that the device or program shows.',
  warning: 'Only enter a code that you see on a device of your own. Nobody needs to send you one.',
  code: 'Code',
  hint: 'Capitals, small letters and dashes make no difference.',
  submit: 'Continue',
  reference: 'Reference for your administrator:',
  problem: {
    code_missing: 'Enter the code that the device shows.',
    code_unknown: 'This code is not known. Compare it with the one on the device.',
    code_expired: 'This code has expired. Let the device show a new one.',
    code_used: 'This code has been used. Let the device show a new one.',
    form_expired: 'This page had been open too long. Enter the code again.',
    throttled: 'Too many codes were tried. Wait {wait} and try again.',
  },
};

export type EnterCodePageProps = {
  /** POST with `user_code`. The provider's `xsrf` goes into `fields`. */
  readonly form: FormTarget;
  /** As typed, or from `verification_uri_complete`. */
  readonly userCode?: string | undefined;
  readonly problem?: keyof typeof text.problem | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly requestId?: string | undefined;
};

/** RFC 8628 §3.3: the person enters the user code. */
export function EnterCodePage({ form, userCode, problem, retryAfterSeconds = 1, requestId }: EnterCodePageProps) {
  const waitTime = useWaitTime();
  return (
    <OneFieldPage
      text={text}
      form={form}
      field={{
        name: 'user_code',
        label: text.code,
        hint: text.hint,
        autoComplete: 'off',
        class: 'code-input',
        maxLength: 64,
        value: userCode,
      }}
      problem={
        problem && {
          message: fill(text.problem[problem], { wait: waitTime(retryAfterSeconds) }),
          isWait: problem === 'throttled',
          isOfField: problem !== 'throttled',
        }
      }
      reference={requestId === undefined ? undefined : { label: text.reference, requestId }}
    >
      <p class="fine-print">{text.warning}</p>
    </OneFieldPage>
  );
}
