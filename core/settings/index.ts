// Settings: their schema, their names, and those in force.
export { loadSettings, withoutSecrets } from './load.ts'
export { settingNames, type SettingName } from './names.ts'
export { isLoopback, settingsSchema, type Settings } from './schema.ts'
