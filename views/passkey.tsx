import { Form } from './form.tsx';
import { useMessages } from './look.ts';
import type { FormTarget } from './site.ts';

/** What the page tells the browser of passkeys that are no more, or are called otherwise (WebAuthn §5.1.10). */
export type PasskeySignal = {
  readonly method: 'signalUnknownCredential' | 'signalAllAcceptedCredentials' | 'signalCurrentUserDetails';
  readonly options: Readonly<Record<string, unknown>>;
};

export type PasskeyPrompt = {
  /** POST with `passkey`, which the script fills. */
  readonly form: FormTarget;
  /** JSON of WebAuthn §5.1.8. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly signals?: readonly PasskeySignal[] | undefined;
};

type PasskeyFormProps = PasskeyPrompt & {
  readonly mode: 'get' | 'create';
  readonly isMain?: boolean;
  readonly isWide?: boolean;
};

/** Hidden until the script finds that the browser knows passkeys: nobody sees a button that does nothing. */
export function PasskeyForm({ mode, form, options, signals = [], isMain = false, isWide = !isMain }: PasskeyFormProps) {
  const text = useMessages('passkeyPrompt');
  const words = text[mode];
  return (
    <div
      class="passkey"
      data-passkey={mode}
      data-options={JSON.stringify(options)}
      data-signals={JSON.stringify(signals)}
      hidden
    >
      <Form target={form}>
        <input type="hidden" name="passkey" value="" />
        <button
          type="button"
          class={['button', !isMain && 'button-quiet', isWide && 'button-wide'].filter(Boolean).join(' ')}
        >
          {words.start}
        </button>
      </Form>
      <p class="hint" role="status">
        <span data-passkey-failed hidden>
          {words.failed}
        </span>
        {mode === 'create' && (
          <span data-passkey-exists hidden>
            {text.create.exists}
          </span>
        )}
      </p>
    </div>
  );
}
