// The closed words of the protocol language that people choose from here, in both languages.
import { useWords, type Words } from '@/i18n'

function list<W extends Words>(words: W) {
  const say = useWords(words)
  const keys = Object.keys(words) as (keyof W & string)[]
  return {
    keys,
    say: (key: string): string => (key in words ? say(key) : key),
  }
}
export const exposures = list({
  household: ['同住', 'same household'],
  care: ['直接照护', 'direct care'],
  meal: ['共餐', 'shared meal'],
  workplace: ['同办公室', 'same office'],
  classroom: ['同班级', 'same class'],
  venue: ['密闭场所', 'closed venue'],
  transport: ['同乘交通工具(近距离)', 'same transport, near'],
  lift: ['同乘电梯', 'same lift'],
  healthcare: ['医疗接触', 'health-care contact'],
  ward: ['同病房', 'same ward or bay'],
  aerosol: ['产生气溶胶操作', 'aerosol procedure in the same room'],
  airspace: ['共处同一空间', 'same air space'],
  nearby: ['同场所非近距离', 'same place, further away'],
  sexual: ['性接触', 'sexual contact'],
  skin: ['皮肤接触', 'skin contact'],
  body_fluid: ['体液接触', 'body fluids'],
  funeral: ['丧葬接触', 'funeral or body handling'],
  laundry: ['衣物被褥接触', 'laundry or bedding'],
  breastfeeding: ['母乳喂养', 'breast-feeding'],
  environment: ['污染环境', 'contaminated surroundings'],
  animal: ['动物', 'animal'],
  water: ['水或食物', 'water or food'],
  other: ['其他(流调判定)', 'other, judged by the investigator'],
})
export const protections = list({ none: ['无防护', 'no protection'], partial: ['防护不足', 'partial protection'], full: ['有效防护', 'full protection'] })
export const specimens = list({
  oropharyngeal: ['咽拭子', 'throat swab'],
  nasopharyngeal: ['鼻咽拭子', 'nasopharyngeal swab'],
  nasal: ['鼻拭子', 'nasal swab'],
  sputum: ['痰或下呼吸道标本', 'sputum or lower airway'],
  blood: ['血液', 'blood'],
  serum: ['血清', 'serum'],
  urine: ['尿液', 'urine'],
  stool: ['粪便或肛拭子', 'stool or rectal swab'],
  lesion: ['皮损标本', 'lesion'],
  oral_fluid: ['口腔液', 'oral fluid'],
  environment: ['环境或物品', 'surface or object'],
  water: ['水样', 'water'],
  vector: ['媒介或幼虫', 'vector or larvae'],
  self_kit: ['自测试剂', 'self-test kit'],
})
export const tests = list({
  pcr: ['核酸', 'nucleic acid (PCR)'],
  antigen: ['抗原', 'antigen'],
  antibody: ['抗体', 'antibody'],
  culture: ['培养', 'culture'],
  sequencing: ['测序', 'sequencing'],
  microscopy: ['镜检', 'microscopy'],
  imaging: ['影像', 'imaging'],
  rapid: ['快速检测', 'rapid test'],
})
export const outcomes = list({ negative: ['阴性', 'negative'], positive: ['阳性', 'positive'], inconclusive: ['可疑', 'inconclusive'], invalid: ['无效', 'invalid'] })
export const classes = list({
  suspected: ['疑似', 'suspected'],
  probable: ['临床诊断', 'probable'],
  confirmed: ['确诊', 'confirmed'],
  asymptomatic: ['无症状感染者', 'asymptomatic infection'],
  discarded: ['排除', 'discarded'],
})
export const finals = list({
  completed: ['期满解除', 'completed'],
  became_case: ['转为病例', 'became a case'],
  recovered: ['治愈', 'recovered'],
  discarded: ['排除', 'discarded'],
  died: ['死亡', 'died'],
  lost: ['失访', 'lost to follow-up'],
  refused: ['拒绝', 'refused'],
  handed_over: ['已移交', 'handed over'],
  moved: ['转入其他流程', 'moved to another pathway'],
  withdrawn: ['依据撤销', 'the reason was withdrawn'],
})
export const ways = list({ face: ['当面', 'face to face'], phone: ['电话', 'by phone'], self: ['本人上报', 'by the person'] })
export const attributes = list({
  pregnant: ['孕妇', 'pregnant'],
  needs_carer: ['需要照护', 'needs a carer'],
  unfit: ['重病或不宜', 'seriously ill or unfit'],
  health_worker: ['医务人员', 'health worker'],
  immune: ['有免疫力', 'immune'],
  not_immune: ['无免疫力', 'not immune'],
  vaccinated: ['暴露后已接种', 'vaccinated since the exposure'],
  immunoglobulin: ['已用免疫球蛋白', 'given immunoglobulin'],
  food_handler: ['餐饮从业者', 'food handler'],
  household_fit: ['具备居家条件', 'home fit for it'],
  chooses_site: ['自愿集中隔离', 'chooses the quarantine site'],
  breastfed: ['哺乳', 'breast-fed'],
})
/** What can be recorded for many at once, or stands as a date in a line list. */
export const events = list({
  symptom: ['发病', 'first symptom'],
  isolated: ['已有效隔离', 'effectively isolated'],
  admitted: ['入院', 'admitted to hospital'],
  discharged: ['出院', 'discharged'],
  well: ['症状消失', 'free of symptoms'],
  died: ['死亡', 'died'],
  classified: ['机构判定', 'classified'],
  lost: ['失访', 'lost to follow-up'],
  found: ['重新找到', 'found again'],
  seen_well: ['随访:无异常', 'seen, well'],
  seen_ill: ['随访:有症状', 'seen, ill'],
  not_seen: ['随访:未见到', 'visited but not seen'],
  not_attempted: ['未随访', 'visit not attempted'],
})
export const sexes = list({ male: ['男', 'male'], female: ['女', 'female'], other: ['其他', 'other'] })
