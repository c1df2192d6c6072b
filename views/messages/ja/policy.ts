import type { policy as english } from '../en/policy.ts';
import type { Translation } from '../message-types.ts';

export const policy: Translation<typeof english> = {
  policyHold: {
    denied: {
      title: 'ここにはログインできません',
      lead: '現在、{client} はご利用いただけません。',
      leadHere: '現在、アカウントのページはご利用いただけません。',
      help: '詳細と変更については管理者にお問い合わせください。',
    },
    factor: {
      title: '別のログイン方法が必要です',
      two_factors: '{client} では2段階目の確認が必要ですが、まだ設定されていません。',
      passkey: '{client} ではパスキーが必要ですが、まだ登録されていません。',
      setUp: 'アカウントで設定する',
      thenGoOn: 'このページに戻って続けてください。',
      goOn: '次へ',
    },
  },
  agreement: {
    title: '続ける前に',
    lead: '{client} では、先に次の内容が必要です。',
    leadHere: '先に次の内容が必要です。',
    accept: '同意します：{document}',
    version: 'バージョン {version}',
    problem: {
      terms_missing: '続けるには、示された内容への同意が必要です。',
      invalid: '入力されていないか、使えない内容があります。',
      form_expired: 'このページを開いてから時間がたちすぎました。もう一度ご回答ください。',
      not_allowed: '保存できません。管理者にお問い合わせください。',
    },
  },
};
