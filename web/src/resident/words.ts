import { useWords } from '@/i18n'

export const say = useWords({
  miTitle: ['我的状态', 'My status'],
  miAt: ['{at}的状态', 'As of {at}'],
  miNothing: ['目前没有任何措施对您有约束。', 'Nothing binds you at present.'],
  miSome: ['目前有 {n} 项措施适用于您，理由、期限和异议方式见下。', '{n} measure(s) apply to you. The reason, the end and how to object stand below.'],
  miRestricts: ['限制措施', 'restriction'],
  miAdvice: ['建议，不强制', 'advice, not binding'],
  miWhy: ['为什么', 'Why'],
  miWhere: ['在哪里', 'Where'],
  miSince: ['开始', 'Since'],
  miUntil: ['最迟结束', 'Ends at the latest'],
  miNoEnd: ['未定', 'not set'],
  miAuthority: ['由谁决定', 'Decided by'],
  miBasis: ['法律依据', 'Legal basis'],
  miEntitled: ['您有权得到', 'You are entitled to'],
  miObjectTo: ['不同意？可向{to}提出异议，{h}小时内必须答复。', 'You do not agree? You may object to the {to}; the answer is due within {h} hours.'],
  miObjectHow: ['提出异议期间措施照常执行；提出异议不会带来任何不利后果。', 'The measure goes on meanwhile. Objecting is never held against you.'],
  miObject: ['提出异议', 'Object'],
  miObjectTitle: ['对“{name}”提出异议', 'Object to: {name}'],
  miReason: ['您的理由（可不填）', 'Your reasons (you may leave this empty)'],
  miReasonHint: ['只有裁决异议的人能看到。', 'Only those who decide on it can read this.'],
  miSend: ['提交异议', 'Send the objection'],
  miSent: ['异议已提交，编号 {n}。', 'Your objection was sent. Its number is {n}.'],
  miCancel: ['取消', 'Cancel'],
  miObjections: ['我的异议', 'My objections'],
  miObjection: ['异议 {n}', 'Objection {n}'],
  miObjectedAt: ['{at}提出', 'made {at}'],
  miDue: ['最迟{at}答复', 'answer due by {at}'],
  miLate: ['已超过答复期限', 'the answer is overdue'],
  miUpheld: ['异议成立', 'upheld'],
  miNotUpheld: ['异议不成立', 'not upheld'],
  miWaiting: ['等待答复', 'waiting for an answer'],
  miDecided: ['{at}作出决定', 'decided {at}'],
  miObjected: ['您已提出异议，等待答复。', 'You have objected; the answer is pending.'],
  miResults: ['检测结果', 'My test results'],
  miNoResults: ['还没有采样记录。', 'No sample has been taken.'],
  miTaken: ['{at}采样', 'taken {at}'],
  miPooled: ['混采', 'pooled'],
  miPending: ['结果未出', 'no result yet'],
  miResulted: ['{at}出结果', 'result of {at}'],
  miMessages: ['通知', 'Messages'],
  miNoMessages: ['没有通知。', 'No messages.'],
  miUnread: ['未读', 'unread'],
  miLooks: ['谁看过我的档案', 'Who looked at my record'],
  miLooksHint: ['每次查看都有记录，任何人都不能删除。', 'Every look is written down, and nobody can take it out.'],
  miNoLooks: ['没有人看过您的档案。', 'Nobody has looked at your record.'],
  miRecord: ['我的登记信息', 'What is recorded of me'],
  miName: ['姓名', 'Name'],
  miBorn: ['出生日期', 'Born'],
  miPhone: ['电话', 'Telephone'],
  miDocument: ['证件号码', 'Document'],
  miWrong: ['信息有误？请联系所在社区更正。', 'Something is wrong? Your community corrects it.'],
  miMore: ['显示更多', 'Show more'],
  miLoading: ['正在读取…', 'Loading…'],
  miGate: ['无论状态如何，就医通道始终开放。', 'Whatever your status, the way to a doctor is open.'],
  look_person_get: ['查看登记信息', 'opened your details'],
  look_person_story: ['查看经过', 'opened your time line'],
  look_enrolment: ['查看病例或密接记录', 'opened your case or contact record'],
  look_measure: ['查看对您的措施', 'opened a measure on you'],
  look_task: ['查看与您有关的任务', 'opened a task about you'],
  look_other: ['查看档案', 'opened your record'],
})
type LookWord = 'look_person_get' | 'look_person_story' | 'look_enrolment' | 'look_measure' | 'look_task' | 'look_other'
/** What somebody did who looked, from the name of the server's route. */
export function lookWord(route: string): LookWord {
  if (route.startsWith('person_story')) return 'look_person_story'
  if (route.startsWith('person')) return 'look_person_get'
  if (route.startsWith('case') || route.startsWith('contact') || route.startsWith('enrolment')) return 'look_enrolment'
  if (route.startsWith('measure')) return 'look_measure'
  if (route.startsWith('task')) return 'look_task'
  return 'look_other'
}
