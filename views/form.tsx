import type { ComponentChildren } from 'preact';
import { safeUrl } from './safe-url.ts';
import type { FormTarget } from './site.ts';

type FormProps = {
  readonly target: FormTarget;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
};

/** A POST form. An address that `safeUrl` refuses is left out: the form then posts to the page it is on. */
export function Form({ target, class: className, children }: FormProps) {
  return (
    <form method="post" action={safeUrl(target.action)} class={className} accept-charset="utf-8">
      {target.csrfToken !== undefined && <input type="hidden" name="csrf" value={target.csrfToken} />}
      {target.fields?.map(({ name, value }) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

export type FieldProps = {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'email' | undefined;
  readonly autoComplete:
    | 'username'
    | 'username webauthn'
    | 'current-password'
    | 'new-password'
    | 'one-time-code'
    | 'email'
    | 'name'
    | 'off';
  readonly inputMode?: 'numeric' | undefined;
  readonly value?: string | undefined;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** The message stands elsewhere on the page, under this id. */
  readonly describedBy?: string | undefined;
  readonly isInvalid?: boolean | undefined;
  readonly autoFocus?: boolean | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly class?: string | undefined;
};

/** One literal for each: the element's types ask for it. */
function typeOf({ type }: FieldProps) {
  if (type === 'password') return { type: 'password' as const };
  return type === 'email' ? { type: 'email' as const } : { type: 'text' as const };
}

/** A labelled, required text field whose hint and error are announced with it. The id is the name. */
export function Field(field: FieldProps) {
  const hintId = field.hint && `${field.name}-hint`;
  const errorId = field.error && `${field.name}-error`;
  const describedBy = [errorId, hintId, field.describedBy].filter(Boolean).join(' ');
  return (
    <div class={field.error ? 'field field-invalid' : 'field'}>
      <label for={field.name}>{field.label}</label>
      {field.hint && (
        <p class="hint" id={hintId}>
          {field.hint}
        </p>
      )}
      {field.error && (
        <p class="field-error" id={errorId}>
          {field.error}
        </p>
      )}
      <input
        id={field.name}
        name={field.name}
        {...typeOf(field)}
        class={field.class}
        autocomplete={field.autoComplete}
        inputmode={field.inputMode}
        autocapitalize="none"
        autocorrect="off"
        spellcheck={false}
        required
        aria-invalid={field.error || field.isInvalid ? 'true' : undefined}
        aria-describedby={describedBy || undefined}
        {...(field.value === undefined ? {} : { value: field.value })}
        {...(field.autoFocus ? { autofocus: true } : {})}
        {...(field.minLength === undefined ? {} : { minlength: field.minLength })}
        {...(field.maxLength === undefined ? {} : { maxlength: field.maxLength })}
      />
    </div>
  );
}

type NoticeProps = {
  readonly tone: 'error' | 'wait' | 'info' | 'good';
  readonly id?: string | undefined;
  readonly title?: string | undefined;
  readonly children?: ComponentChildren | undefined;
};

/** A message at the top of a page; errors and waits are alerts, the rest is status. */
export function Notice({ tone, id, title, children }: NoticeProps) {
  const role = tone === 'error' || tone === 'wait' ? 'alert' : 'status';
  return (
    <div class={`notice notice-${tone}`} role={role} id={id}>
      {title && <p class="notice-title">{title}</p>}
      {children && <div class="notice-text">{children}</div>}
    </div>
  );
}

/** The reference a person hands to their administrator, who finds the real reason by it. */
export function RequestId({ label, id }: { readonly label: string; readonly id: string }) {
  return (
    <p class="request-id">
      {label} <code>{id}</code>
    </p>
  );
}
