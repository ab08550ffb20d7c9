"""Where people stand: from votes on short statements to what is agreed, what divides and who thinks alike.

`votes` holds the data, `model` fits people and statements, `axes` and `groups` say what the votes carry, `statements`
puts it into findings, `analysis` does all of it; `expectation` chooses the map's factors by hidden votes and says what
people would answer, in small dialogues from `ordinal` and `covariance` or from `kinds`; `polis` repeats what Polis
does, to compare. `polis_files` and `encoding` read exports, `release` says what may leave. While a dialogue is open
`routing` chooses what is shown next, by counts that whoever stores the votes keeps up; `letters` keep a group's name,
and the map its way round, over time.
"""
