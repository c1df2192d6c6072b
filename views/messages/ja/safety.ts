import type { safety as english } from '../en/safety.ts';
import type { Translation } from '../message-types.ts';

export const safety: Translation<typeof english> = {
  ownEmail: {
    title: 'メールアドレス',
    lead: 'アカウントに関するメールは {address} に届きます。',
    none: 'アカウントにはまだメールアドレスがありません。',
    change: 'メールアドレスを変更する',
    field: '新しいメールアドレス',
    hint: '現在のアドレスと新しいアドレスの両方にリンクを送ります。両方が開かれると、アドレスが変わります。',
    hintFirst: 'このアドレスにリンクを送ります。開くと、あなたのアドレスになります。',
    submit: '送信',
    pendingTitle: '変更の手続き中です',
    pending: '次のアドレスに送ったリンクが {until} までに開かれると、アドレスは {address} に変わります。',
    cancel: '今のアドレスのままにする',
    throttled: '少し前にリンクを送りました。メールをご確認になるか、{wait}お待ちください。',
    problem: {
      form_expired: 'このページが開かれてから時間がたちすぎました。もう一度お試しください。',
      change_off: 'アドレスは組織が管理しています。変更は管理者にご依頼ください。',
      address_invalid: 'メールアドレスを入力してください（例: you@example.com）。',
      address_same: 'これは現在のアドレスです。',
    },
  },
  confirmEmailChange: {
    title: 'アカウントのアドレスを変更する',
    lead: 'アカウント {person} のアドレスを {former} から {address} に変更しようとしています。',
    leadFirst: 'アカウント {person} のアドレスを {address} にしようとしています。',
    effect: '以後、新しいアドレスの持ち主は、それを使ってログインし、アカウントを回復できます。',
    confirm: 'はい、変更します',
    stranger: '意図しない変更であれば、このページを閉じてください。あなたなしでは何も変わりません。',
    waitingTitle: 'あと一歩です',
    waiting: 'ありがとうございます。もう一方のメールボックスのリンクも開かれると、アドレスが変わります。',
    doneTitle: 'アドレスが変わりました',
    done: '今後、アカウントに関するメールは {address} に届きます。',
  },
  undoEmailChange: {
    title: 'アドレスを元に戻す',
    lead: 'アカウント {person} のアドレスが {former} から {address} に変更されました。',
    effect:
      'ご本人でない場合: 元のアドレスに戻り、全員がログアウトされ、パスワードは使えなくなり、新しいパスワードを決めるリンクが届きます。',
    undo: '心当たりがないので元に戻す',
    stranger: 'ご本人の操作であれば、このページを閉じてください。',
    doneTitle: 'アドレスが元に戻りました',
    done: '全員がログアウトされ、以前のパスワードは使えなくなりました。{former} に届くメールのリンクから新しいパスワードを決めてください。',
  },
  notMe: {
    title: '心当たりがありませんか',
    lead: 'アカウント {person} を他の誰かが使っているかもしれません。',
    effect:
      'アカウントを取り戻すと、全員がただちにログアウトされ、パスワードは使えなくなり、新しいパスワードを決めるリンクが届きます。',
    confirm: '心当たりがないので取り戻す',
    stranger: 'ご本人の操作であれば、このページを閉じてください。何も起こりません。',
    doneTitle: 'アカウントを取り戻しました',
    done: '全員がログアウトされ、以前のパスワードは使えなくなりました。',
    next: 'メールをご確認ください。リンクから新しいパスワードを決められます。そのあと管理者に知らせてください。',
  },
  trustedDevices: {
    title: '2段階目を省くブラウザー',
    lead: 'これらのブラウザーではパスワードだけを確認します。',
    until: '期限',
    end: '再び確認する',
    endThis: '{browser}（最終使用 {when}）で再び確認する',
  },
};
