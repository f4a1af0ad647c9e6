// Bad messages: each kind is a fault that desk systems or lines have been seen to make.

/** How many kinds there are; a kind is a number below it. */
export const SPOIL_KINDS = 12

/** The line with a fault of the given kind. Kinds that need a field the line lacks cut the line off instead. */
export function spoil (line: string, kind: number, contract: string): string {
  const spoilt = fault(line, kind, contract)
  return spoilt === line ? line.slice(0, Math.floor(line.length * 0.6)) : spoilt
}

function fault (line: string, kind: number, contract: string): string {
  switch (kind) {
    case 0: return line.slice(0, Math.floor(line.length * 0.6))
    case 1: return line.replace(/"checkpoint":"[^"]*"/, '"checkpoint":"KHC-ZZZ"')
    case 2: return line.replace(/"checkpoint":"[^"]*"/, '"checkpoint":"KHC-REP"')
    case 3: return line.replace(/"nationality":"[^"]*"/, '"nationality":"UTO"')
    case 4: return line.replace(/"sex":"[^"]*"/, '"sex":"m"')
    case 5: return line.replace(/_at":"([^"]*)\+07:00"/, '_at":"$1"')
    case 6: return line.replace(/"(occurred_at|granted_at|registered_at|date)":"\d{4}/, '"$1":"2099')
    case 7: return line.replace(contract, contract.replace('.v1', '.v9'))
    case 8: return line.replace(/"date_of_birth":"[^"]*"/, '"date_of_birth":"2098-01-01"')
    case 9: return line.replace(/"number":"[^"]*"/, '"number":"--"')
    case 10: return line.replace(/_id":"[^"]*"/, '_id":""')
    // One byte that is not UTF-8: lines are written as Latin-1.
    default: return line.replace('"action":"record"', '"action":"record","note":"\u00ff"')
  }
}
