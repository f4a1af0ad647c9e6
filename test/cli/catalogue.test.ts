// Help is printed from the catalogue, without loading the commands: it must say what they say.
import { describe, expect, it } from 'vitest'
import { CATALOGUE, nameOf } from '../../cli/catalogue.ts'
import { buildProgram } from '../../cli/program.ts'

describe('the catalogue of commands', () => {
  it('has every command, with its arguments and what it says of itself', async () => {
    const { commands } = await buildProgram()
    const said = commands.map(command => [
      [command.name(), ...command.registeredArguments.map(argument => {
        const name = `${argument.name()}${argument.variadic ? '...' : ''}`
        return argument.required ? `<${name}>` : `[${name}]`
      })].join(' '),
      command.description()
    ])
    expect(said).toEqual(CATALOGUE.map(({ synopsis, summary }) => [synopsis, summary]))
  })

  it('loads the command that is named and knows the others by name', async () => {
    for (const entry of CATALOGUE) {
      const program = await buildProgram(undefined, nameOf(entry))
      expect(program.commands.map(command => command.name()).sort()).toEqual(CATALOGUE.map(nameOf).sort())
      const whole = (await buildProgram()).commands.find(command => command.name() === nameOf(entry))!
      expect(program.commands.find(command => command.name() === nameOf(entry))!.helpInformation())
        .toBe(whole.helpInformation())
    }
    const options = (await buildProgram(undefined, '')).commands.flatMap(command => command.options)
    expect(options).toEqual([])
  })
})
