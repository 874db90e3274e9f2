"""Alarms: suspected, raised, carried up the ladder, and over when their cause is gone.

A cause counts only once it has been there for some monotonic seconds, at two looks at least: a wall clock that is wrong
for a moment alarms nobody and writes no mail.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.ports import Services, Uptime
from callbacks.rules.alarm_ladder import Patience, Step, step
from callbacks.store import alarm_causes, alarms
from callbacks.store.alarm_causes import Alarming
from callbacks.store.alarms import Open
from callbacks.store.transitions import Cause
from callbacks.workflows.letters_of_the_desk import write_alarms
from callbacks.workflows.row_by_row import each

WHO = "alarm"
MAIL_PAUSE = timedelta(minutes=10)
"""After a mail about alarms what comes next is gathered for so long: a bad morning is a few mails, not hundreds."""
BATCH = 20
"""Alarms that take a step at one look: the clock looks here last, but whatever falls due next waits for it."""


def look(services: Services) -> None:
    """Take one look at everything there is to be alarmed about. Nothing is done while the calendar cannot answer."""
    now, uptime = services.clock.now(), services.clock.uptime()
    with services.database.read() as session:
        try:
            causes = alarm_causes.causes(session, services.rules, now)
        except RingbackError:
            return
        known = alarms.unfinished(session)
        fresh = alarms.never_told(session, causes.keys() - {alarm.key for alarm in known})
    _suspect(services, [cause for key, cause in causes.items() if key in fresh], uptime)
    _end(services, [alarm for alarm in known if alarm.key not in causes], now)
    lasting = {alarm.id: alarm for alarm in known if alarm.key in causes}
    steps = _steps(services, lasting, uptime)
    each(_at(steps, lasting, Step.AGENTS)[:BATCH], lambda alarm_id: _raise(services, lasting[alarm_id], now))
    each(_at(steps, lasting, Step.SUPERVISORS)[:BATCH], lambda alarm_id: _tell(services, alarm_id, now))
    _mail(services, _at(steps, lasting, Step.MAIL), now)


def seen(services: Services, alarm_id: int, who: str) -> None:
    """Let an alarm be over because a supervisor has seen it. Raises RuleRefused where it is over already."""
    with services.database.write() as session:
        if not alarms.see(session, alarm_id, Cause(services.clock.now(), who, "seen")):
            message = "this alarm is over already"
            raise RuleRefused(Rule.ALARM_OVER, message)


def _suspect(services: Services, fresh: Collection[Alarming], uptime: Uptime) -> None:
    if fresh:
        with services.database.write() as session:
            for cause in fresh:
                alarms.suspect(session, cause, uptime)


def _end(services: Services, gone: Collection[Open], now: datetime) -> None:
    def end(alarm_id: int) -> bool:
        with services.database.write() as session:
            return alarms.end(session, alarm_id, Cause(now, WHO, "its cause is gone"))

    each([alarm.id for alarm in gone][:BATCH], end)


def _steps(services: Services, lasting: Mapping[int, Open], uptime: Uptime) -> dict[int, Step]:
    """Return how far each may have come by now; what another machine began to count begins anew."""
    rules = services.rules
    patience = Patience(rules.alarm_supervisor_seconds, rules.alarm_mail_seconds)
    steps, foreign = {}, []
    for alarm in lasting.values():
        lasts = uptime.since(alarm.since_boot, alarm.since_ms)
        if lasts is None or lasts < 0:
            foreign.append(alarm.id)
        else:
            steps[alarm.id] = step(alarm.kind, lasts, patience)
    if foreign:
        with services.database.write() as session:
            for alarm_id in foreign:
                alarms.start_again(session, alarm_id, uptime)
    return steps


def _at(steps: Mapping[int, Step], lasting: Mapping[int, Open], wanted: Step) -> list[int]:
    """Return the alarms that have reached a step, and have not taken it yet."""
    return [alarm_id for alarm_id, reached in steps.items() if lasting[alarm_id].step < wanted <= reached]


def _raise(services: Services, alarm: Open, now: datetime) -> bool:
    with services.database.write() as session:
        return alarms.raise_it(session, alarm.id, Cause(now, WHO, alarm.key))


def _tell(services: Services, alarm_id: int, now: datetime) -> bool:
    with services.database.write() as session:
        return alarms.tell_supervisors(session, alarm_id, Cause(now, WHO, "still there: the supervisors"))


def _mail(services: Services, due: Collection[int], now: datetime) -> None:
    """Write one mail to every supervisor, about all alarms that have come so far, and mark them in one transaction."""
    if not due:
        return
    with services.database.read() as session:
        # Looked at without keeping others from writing, for this is asked again at every look.
        if alarms.wrote_between(session, now - MAIL_PAUSE, now):
            return
    with services.database.write() as session:
        if alarms.wrote_between(session, now - MAIL_PAUSE, now):
            return
        cause = Cause(now, WHO, "still there: by mail")
        mine = [alarm_id for alarm_id in due if alarms.mark_mailed(session, alarm_id, cause)]
        about = alarms.shown(session, to_supervisors=True, ids=mine) if mine else []
        for reader in alarms.supervisors(session) if about else ():
            write_alarms(session, services, reader, about, now)
    if about:
        services.bell.ring("mail")
