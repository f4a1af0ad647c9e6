// Names of columns, and of codes that no code list names, in English and Khmer. Khmer stands only where the project's
// glossary has the word; an empty name is never invented. Khmer labels keep Latin digits, as every file and API does.

export interface Name { en: string, km: string }

const name = (en: string, km = ''): Name => ({ en, km })

/** What messages leave open. */
export const UNKNOWN_NAME = name('Not stated', 'មិនបានបញ្ជាក់')
export const OTHER_NAME = name('Other', 'ផ្សេងទៀត')
export const TOTAL_NAME = name('Total', 'សរុប')

/** Dimensions, periods and measures by their names. */
export const COLUMN_NAMES: Readonly<Record<string, Name>> = {
  row_type: name('Row'),
  business_date: name('Date'),
  as_of: name('As of', 'គិតត្រឹម'),
  day: name('Date'),
  week: name('Week', 'សប្តាហ៍'),
  month: name('Month', 'ខែ'),
  quarter: name('Quarter', 'ត្រីមាស'),
  year: name('Year', 'ឆ្នាំ'),
  hour: name('Hour', 'ម៉ោង'),
  checkpoint: name('Checkpoint', 'ច្រកទ្វារ'),
  direction: name('Direction'),
  decision: name('Decision'),
  mode: name('Mode of transport'),
  nationality: name('Nationality', 'សញ្ជាតិ'),
  residence: name('Country of residence'),
  returned_from: name('Returned from'),
  sex: name('Sex', 'ភេទ'),
  age_band: name('Age group', 'ក្រុមអាយុ'),
  visa_class: name('Visa class', 'ប្រភេទទិដ្ឋាការ'),
  purpose: name('Purpose of visit', 'គោលបំណងនៃដំណើរ'),
  province: name('Province', 'ខេត្ត'),
  source: name('Source', 'ប្រភព'),
  side: name('Side'),
  state: name('State of the stay'),
  kind: name('Kind'),
  length_band: name('Length of overstay'),
  accommodation_type: name('Accommodation'),
  outcome: name('Outcome'),
  flow: name('Flow', 'លំហូរ'),
  accompaniment: name('Accompaniment'),
  reason: name('Reason'),
  nea: name('National Employment Agency', 'ទីភ្នាក់ងារជាតិមុខរបរ និងការងារ'),
  months_granted: name('Months granted'),
  channel: name('Channel'),
  reporter: name('Reported by'),
  persons: name('Persons', 'នាក់'),
  stays: name('Stays', 'ការស្នាក់អាស្រ័យ'),
  nights: name('Nights'),
  days: name('Days', 'ថ្ងៃ'),
  fine_usd: name('Fine, USD'),
  expected_departures: name('Expected departures'),
  overstayed: name('Overstayed', 'ស្នាក់នៅហួសកំណត់'),
  visitors: name('Visitors', 'ភ្ញៀវទេសចរ'),
  crossings: name('Crossings', 'ការឆ្លងកាត់'),
  extensions: name('Extensions', 'ការបន្តការស្នាក់នៅ'),
  registrations: name('Registrations', 'ការចុះឈ្មោះជនបរទេស'),
  messages: name('Messages'),
  expected: name('Expected messages'),
  delay_desk_p50: name('Delay to the desk system, median, s'),
  delay_desk_p95: name('Delay to the desk system, 95th percentile, s'),
  delay_board_p50: name('Delay to receipt, median, s'),
  delay_board_p95: name('Delay to receipt, 95th percentile, s')
}

/** What stands behind the name of a dimension of states, or of a measure. */
export const SUFFIX_NAMES: Readonly<Record<string, Name>> = {
  asean: name('ASEAN'),
  region: name('region (M49)'),
  sub_region: name('sub-region (M49)'),
  last_year: name('a year before'),
  previous: name('the period before'),
  difference: name('difference'),
  change_percent: name('change, %'),
  share_percent: name('share, %', 'ភាគរយ')
}

/** Codes of closed sets by the names of their dimensions; code lists go first where a dimension has one. */
export const CODE_NAMES: Readonly<Record<string, Readonly<Record<string, Name>>>> = {
  row_type: { figure: name('Figure', 'តួលេខ'), period_total: name('Total of the period'), total: TOTAL_NAME },
  direction: { arrival: name('Arrival', 'ចូល'), exit: name('Exit', 'ចេញ') },
  decision: { admitted: name('Admitted', 'បានអនុញ្ញាតឱ្យចូល'), refused: name('Refused', 'មិនអនុញ្ញាតឱ្យចូល') },
  source: {
    crossing: name('Single crossings', 'ការឆ្លងកាត់'),
    tally: name('Tallies of local gates'),
    'gdi.crossing.v1': name('GDI crossings'),
    'gdi.tally.v1': name('GDI tallies'),
    'gdi.extension.v1': name('GDI extensions'),
    'fpcs.registration.v1': name('FPCS registrations')
  },
  side: { inside: name('In Cambodia'), abroad: name('Abroad') },
  state: {
    open: name('Open'),
    closed: name('Ended by an exit'),
    lapsed: name('Lapsed'),
    no_end: name('End not recorded'),
    no_begin: name('Beginning not recorded')
  },
  kind: {
    in_country: name('Still in the country'),
    out_of_country: name('Left too late'),
    unconfirmed: name('Unconfirmed'),
    overnight: name('Overnight visitors'),
    same_day: name('Same-day visitors'),
    quarantined: name('Quarantined'),
    duplicate: name('Duplicate'),
    superseded: name('Superseded'),
    schema_drift: name('With unknown fields'),
    repeated_stamp: name('Repeated stamp'),
    no_begin: name('Stay without beginning'),
    no_end: name('Stay without end'),
    lapsed: name('Stay lapsed')
  },
  outcome: {
    within_24h: name('Registered within 24 hours'),
    later: name('Registered later'),
    never: name('Never registered'),
    migrant: name('Migrant', 'ចំណាកស្រុក'),
    not_migrant: name('Not a migrant'),
    not_a_change: name('No change of residence'),
    undetermined: name('Undetermined')
  },
  flow: { in: name('In', 'ចូល'), out: name('Out', 'ចេញ') },
  accompaniment: {
    parent: name('Parent'),
    guardian: name('Guardian'),
    other_adult: name('Other adult'),
    none: name('Unaccompanied', 'អនីតិជនគ្មានអ្នកអម')
  },
  reason: {
    voluntary: name('Voluntary'),
    deported: name('Deported', 'ត្រូវបានបញ្ជូនមកវិញ'),
    crisis: name('Crisis'),
    other: OTHER_NAME
  },
  nea: { requested: name('Registration requested'), declined: name('Declined'), registered: name('Registered') },
  channel: { app: name('App'), police_station: name('Police station'), online: name('Online') },
  reporter: {
    owner: name('Owner'),
    landlord: name('Landlord', 'ម្ចាស់ផ្ទះជួល'),
    manager: name('Manager'),
    self: name('Self')
  },
  asean: { asean: name('ASEAN'), other: OTHER_NAME },
  region: { other: OTHER_NAME },
  sub_region: { other: OTHER_NAME }
}

/** The name of a band of whole units, `5-9`, `0`, `85+`; null for anything else. */
export function bandName (band: string, unit: Name): Name | null {
  const [, from, to, more] = /^(\d+)(?:-(\d+)|(\+))?$/.exec(band) ?? []
  if (from === undefined) return null
  if (more !== undefined) return name(`${from} ${unit.en} and over`, `${from} ${unit.km}ឡើង`)
  if (to === undefined) return from === '0' ? name(`Under 1 ${unit.en.slice(0, -1)}`, `ក្រោម 1 ${unit.km}`) : null
  return name(`${from}–${to} ${unit.en}`, `ពី ${from} ទៅ ${to} ${unit.km}`)
}
