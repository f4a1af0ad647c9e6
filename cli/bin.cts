#!/usr/bin/env node
// The program. DuckDB's asynchronous calls and files share one pool of threads, whose size is read when it is first used:
// it is set before anything else loads, or four long queries would make every other call wait.
process.env.UV_THREADPOOL_SIZE ??= '16'
// What the program writes is for its owner alone, whatever the shell's habit.
process.umask(0o077)
void import('./program.js').then(({ runProgram }) => runProgram(process.argv))
