import type { ComponentChildren } from 'preact';
import { Field, type FieldProps, Form, Notice, RequestId } from './form.tsx';
import { CardPage } from './layout.tsx';
import type { FormTarget } from './site.ts';

export type OneFieldPageProps = {
  readonly text: {
    readonly title: string;
    readonly errorTitle: string;
    readonly lead: string;
    readonly submit: string;
  };
  readonly form: FormTarget;
  readonly field: Omit<FieldProps, 'autoFocus' | 'describedBy' | 'isInvalid'>;
  /** What went wrong last time. */
  readonly problem?: { readonly message: string; readonly isWait: boolean; readonly isOfField: boolean } | undefined;
  readonly reference?: { readonly label: string; readonly requestId: string } | undefined;
  /** Below the form. */
  readonly children?: ComponentChildren;
};

/** A page that asks for one thing. */
export function OneFieldPage({ text, form, field, problem, reference, children }: OneFieldPageProps) {
  return (
    <CardPage title={problem ? text.errorTitle : text.title}>
      <h1>{text.title}</h1>
      <p class="lead">{text.lead}</p>
      {problem && (
        <Notice tone={problem.isWait ? 'wait' : 'error'} id="problem">
          <p>{problem.message}</p>
          {reference && <RequestId label={reference.label} id={reference.requestId} />}
        </Notice>
      )}
      <Form target={form} class="stack">
        <Field {...field} autoFocus isInvalid={problem?.isOfField ?? false} describedBy={problem && 'problem'} />
        <button type="submit" class="button button-wide">
          {text.submit}
        </button>
      </Form>
      {children}
    </CardPage>
  );
}
