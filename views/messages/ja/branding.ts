import type { branding as english } from '../en/branding.ts';
import type { Translation } from '../message-types.ts';

export const branding: Translation<typeof english> = {
  brandingPreview: {
    title: 'ブランド表示のプレビュー',
    lead: 'ログイン、同意、アカウント、メールの見え方を、明るい画面と暗い画面、パソコンとスマートフォンで確認できます。ここでは何も保存されず、画像の中の操作もできません。',
    whose: '対象のブランド',
    whoseHint: '全体のブランドを見る場合は、どちらも空のままにしてください。',
    organization: '組織 ID',
    application: 'クライアント ID',
    load: '保存済みの内容を表示',
    branding: 'ブランド（JSON）',
    brandingHint:
      '管理 API が受け付ける形式です。省略した項目は上位の設定を引き継ぎます。ロゴは data: URL で指定します。',
    show: '保存せずに表示',
    problem: {
      form_expired: 'このフォームの有効期限が切れました。内容を確認して、もう一度送信してください。',
      not_json: 'JSON として読み取れません。',
      no_owner: 'その組織またはアプリケーションはありません。',
      invalid: '次の内容は受け付けられません：',
    },
    pages: { signIn: 'ログイン', consent: '同意', account: 'アカウント', mail: 'メール' },
    views: {
      wideLight: '明るい画面・パソコン',
      phoneLight: '明るい画面・スマートフォン',
      wideDark: '暗い画面・パソコン',
      phoneDark: '暗い画面・スマートフォン',
    },
    frame: '{page}：{view}',
    samplePerson: 'Alice Archer',
    sampleApplication: 'サンプルアプリ',
  },
};
