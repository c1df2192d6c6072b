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
      two_factors: '{client} では 2 段階目の確認が必要ですが、まだ設定されていません。',
      passkey: '{client} ではパスキーが必要ですが、まだ登録されていません。',
      setUp: 'アカウントで設定する',
      thenGoOn: 'このページに戻って続けてください。',
      goOn: '次へ',
    },
  },
};
