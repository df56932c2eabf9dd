"""A proof of synchronisation: laptops and a shared database in a simulated bad world, and a judge.

    python3 dev.py prove sync --minutes 10 --seed 1                  on a server in memory
    python3 dev.py prove sync --minutes 10 --server postgres         on a real PostgreSQL
    python3 dev.py prove sync --once --seed 7 --history FILE.json    one history, for another checker
    python3 dev.py prove sync --replay FILE.json                     the same actions again

A seed decides a list of actions before anything runs (`actions`): 2 to 5 laptops edit, create, delete,
restore, take back, decide and add photos; lines break before or after any call, pushes arrive twice,
late or again; programs are killed at any statement; clocks are ten years off; rights come and go. In
the end all get access, everything arrives, and people decide until nothing is left to do.

All of it is written down as a history, and `ledger.check` judges that history alone. It shares no code
with the program. When it finds a broken promise, the list of actions is made as small as possible
(`shrinking`), printed, and its history kept.

The history is one JSON object: `format`, `seed`, `laptops` (how many), `owners` (whose laptop each is),
`actions` (the list that was drawn), and `events`, oldest first. Every event has `n` (its place), `step`
(the action it belongs to), `event` and `at` (a laptop, or "server"):

    laptop      a laptop begins: `device` is the id on the changes it makes
    act         a person begins something: `do`, `record`, `base` (what they saw) and `typed` (by field)
    done        the act `of` ended: `outcome` is saved, asked (nothing was kept), "turned away: ..." or
                killed (it may have been kept, or not)
    look        what is new (`new`, by id) or `gone` on the `screen` (all rows, tombstones included), in
                the `outbox` (every change with its state, receipt and content) and in the `questions`
    cycle       a synchronisation begins; cycle_end: it ended (`of`, `outcome`: done, killed, an error)
    call        the laptop asks the server something: `call`, `given`, and the `fault` that was planned
    answer      the answer to `of`; `lost` when the laptop never got it; `receipts` of a push
    arrived     a push reached the server, at once, late or again: `changes` and the `receipts` it gave
    failed      a call was turned away: `error`
    killed      the program ended and was started again
    dumped      a copy of the whole shared database was kept; put_back: it took the database's place
    bundle      unsent work was put on a stick; bring: another laptop delivers it (each with its `_end`)
    spoilt      a disk changed by itself; check, check_end: every value was compared with the server's
    upgraded    the shared database was brought from version 1 to the newest; purged: it forgot for good
                what was deleted then
    revoked     a person lost access; admitted, roles: they have it, with these rights
    rest        from here on nothing fails any more
    stock       what the shared database holds: `rows` by id, and its whole history `log`
    inventory   at the end: the `history` it can show, the bytes of its `blobs`, and what is `left`
    bug         an error nobody foresaw, with its `trace`
"""
