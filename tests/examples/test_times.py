"""Timers, alarms, reminders, the calendar and the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.examples.skill import BERLIN, PythonSkill, known, meant, unknown

Open = Callable[[str], PythonSkill]


def test_timer_announces_its_ring(skill: Open) -> None:
    answer = skill("timer").answer("SetTimer", meant("duration", "PT9M"), known("name", "pasta"))
    assert answer.speech == "The pasta timer rings in 9 minutes."
    [ring] = answer.announce
    assert ring.speech == "The pasta timer is done."
    assert ring.due == datetime(2026, 11, 20, 17, 49, tzinfo=BERLIN)


def test_timer_is_cancelled_by_name_and_the_other_one_runs_on(skill: Open) -> None:
    timer = skill("timer")
    set_ = timer.answer("SetTimer", meant("duration", "PT9M"), known("name", "pasta"))
    timer.say("SetTimer", meant("duration", "PT5M"), known("name", "egg"))
    gone = timer.answer("CancelTimer", known("name", "spaghetti", value="pasta"))
    assert gone.cancel == [set_.announce[0].key]
    timer.later(minutes=1)
    assert timer.say("TimeLeft") == "The egg timer has 4 minutes left."


def test_unnamed_timer_among_several_is_asked_for(skill: Open) -> None:
    timer = skill("timer")
    timer.say("SetTimer", meant("duration", "PT9M"), known("name", "pasta"))
    timer.say("SetTimer", meant("duration", "PT5M"), known("name", "egg"))
    answer = timer.answer("CancelTimer")
    assert answer.ask == "name"
    assert not answer.cancel
    assert "pasta" in timer.say("TimeLeft")
    assert "egg" in timer.say("TimeLeft")


def test_timer_that_does_not_exist_cancels_no_other(skill: Open) -> None:
    timer = skill("timer")
    assert timer.say("CancelTimer") == "No timer is running."
    timer.say("SetTimer", meant("duration", "PT9M"), known("name", "pasta"))
    answer = timer.answer("CancelTimer", unknown("name", "lasagna"))
    assert answer.speech.startswith("There is no such timer.")
    assert not answer.cancel


def test_timer_is_known_by_its_length(skill: Open) -> None:
    timer = skill("timer")
    timer.say("SetTimer", meant("duration", "PT10M"))
    timer.say("SetTimer", meant("duration", "PT1H30M"))
    assert timer.say("CancelTimer", meant("duration", "PT90M")).startswith(
        "The timer of 1 hour and 30 minutes is cancelled"
    )


def test_rung_timer_is_no_longer_running(skill: Open) -> None:
    timer = skill("timer")
    timer.say("SetTimer", meant("duration", "PT30S"))
    timer.later(seconds=30)
    assert timer.say("TimeLeft") == "No timer is running."


def test_added_time_moves_the_ring(skill: Open) -> None:
    timer = skill("timer")
    first = timer.answer("SetTimer", meant("duration", "PT5M"))
    answer = timer.answer("AddTime", meant("duration", "PT2M"))
    assert answer.announce[0].key == first.announce[0].key
    assert answer.announce[0].due == datetime(2026, 11, 20, 17, 47, tzinfo=BERLIN)


def test_all_timers_are_cancelled_for_their_owner_alone(skill: Open) -> None:
    timer = skill("timer")
    timer.say("SetTimer", meant("duration", "PT5M"), user="ana")
    timer.say("SetTimer", meant("duration", "PT6M"), user="ben")
    assert len(timer.answer("CancelAllTimers", user="ana").cancel) == 1
    assert timer.say("TimeLeft", user="ben") == "The timer of 6 minutes has 6 minutes left."


@pytest.mark.parametrize("length", ["P1M", "PT0S", "PT25H", "?", ""])
def test_timer_of_no_usable_length_is_refused(skill: Open, length: str) -> None:
    assert not skill("timer").answer("SetTimer", meant("duration", length)).announce


def test_alarm_rings_today_if_the_time_is_to_come_and_else_tomorrow(skill: Open) -> None:
    alarm = skill("alarm")
    assert "today at 6:30 PM" in alarm.say("SetAlarm", meant("time", "18:30"))
    answer = alarm.answer("SetAlarm", meant("time", "06:30"))
    assert "tomorrow at 6:30 AM" in answer.speech
    assert answer.announce[0].due == datetime(2026, 11, 21, 6, 30, tzinfo=BERLIN)


def test_alarm_across_a_change_of_clocks_keeps_to_the_wall_clock(skill: Open) -> None:
    alarm = skill("alarm")
    alarm.now = datetime(2026, 10, 24, 22, 0, tzinfo=BERLIN)  # clocks go back this night
    due = alarm.answer("SetAlarm", meant("time", "07:00")).announce[0].due
    assert due == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
    alarm.now = datetime(2026, 3, 28, 22, 0, tzinfo=BERLIN)  # and skip 02:00 to 03:00 in this one
    skipped = alarm.answer("SetAlarm", meant("time", "02:30"))
    assert skipped.speech == "I'll wake you tomorrow at 3:30 AM."


def test_alarm_is_cancelled_by_its_time_alone(skill: Open) -> None:
    alarm = skill("alarm")
    alarm.say("SetAlarm", meant("time", "06:30"))
    alarm.say("SetAlarm", meant("time", "07:00"))
    assert alarm.answer("CancelAlarm").ask == "time"
    assert alarm.say("CancelAlarm", meant("time", "08:00")).startswith("There is no alarm at that")
    assert len(alarm.answer("CancelAlarm", meant("time", "07:00")).cancel) == 1
    assert alarm.say("ListAlarms") == "You have an alarm tomorrow at 6:30 AM."
    assert len(alarm.answer("CancelAllAlarms").cancel) == 1
    assert alarm.say("CancelAllAlarms") == "No alarm is set."


def test_snooze_needs_an_alarm_that_has_just_rung(skill: Open) -> None:
    alarm = skill("alarm")
    assert alarm.say("Snooze") == "No alarm is ringing."
    alarm.say("SetAlarm", meant("time", "18:00"))
    alarm.later(minutes=21)
    assert alarm.say("Snooze") == "I'll wake you again today at 6:10 PM."
    assert alarm.say("Snooze", meant("duration", "PT5M")).endswith("6:06 PM.")


def test_alarm_for_a_past_day_or_for_a_week_is_refused(skill: Open) -> None:
    alarm = skill("alarm")
    past = alarm.answer("SetAlarm", meant("time", "06:00"), meant("date", "2026-11-20"))
    assert past.speech == "today at 6:00 AM is already past."
    assert not past.announce
    week = alarm.answer("SetAlarm", meant("time", "06:00"), meant("date", "2026-W48"))
    assert not week.announce


def test_reminder_comes_at_its_time_in_words_for_the_person(skill: Open) -> None:
    reminder = skill("reminder")
    answer = reminder.answer("SetReminder", known("task", "take my pills"), meant("time", "20:00"))
    assert answer.speech == "I'll remind you today at 8:00 PM: take your pills."
    assert answer.announce[0].speech == "Here is your reminder: take your pills."


def test_reminder_after_a_while_and_on_a_day(skill: Open) -> None:
    reminder = skill("reminder")
    after = reminder.answer("SetReminder", known("task", "stretch"), meant("delay", "PT20M"))
    assert after.announce[0].due == datetime(2026, 11, 20, 18, 0, tzinfo=BERLIN)
    on = reminder.answer("SetReminder", known("task", "vote"), meant("date", "2026-11-23"))
    assert on.announce[0].due == datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
    assert "on Monday, November 23 at 9:00 AM" in on.speech


def test_small_hours_are_the_afternoon_unless_they_are_said(skill: Open) -> None:
    reminder = skill("reminder")
    task = known("task", "call mom")
    assert "tomorrow at 5:00 PM" in reminder.say(
        "SetReminder", task, meant("time", "05:00", "five")
    )
    early = reminder.say("SetReminder", task, meant("time", "05:00", "five in the morning"))
    assert "tomorrow at 5:00 AM" in early


def test_reminder_without_a_time_asks_for_it(skill: Open) -> None:
    reminder = skill("reminder")
    assert reminder.answer("SetReminder", known("task", "call mom")).ask == "time"
    assert reminder.answer("SetReminder").ask == "task"


def test_reminder_is_cancelled_by_its_task(skill: Open) -> None:
    reminder = skill("reminder")
    for task in ("call mom", "water the plants"):
        reminder.say("SetReminder", known("task", task), meant("time", "20:00"))
    assert reminder.answer("CancelReminder").ask == "task"
    assert reminder.say("CancelReminder", unknown("task", "sleep")).startswith("I have no reminder")
    assert len(reminder.answer("CancelReminder", known("task", "call mom")).cancel) == 1
    assert reminder.say("ListReminders").startswith("You have 1 reminder.")
    assert len(reminder.answer("CancelAllReminders").cancel) == 1
    assert reminder.say("ListReminders") == "You have no reminders."


def test_event_is_added_found_and_deleted(skill: Open) -> None:
    calendar = skill("calendar")
    dentist = unknown("event", "a dentist visit")
    day, at = meant("date", "2026-11-23"), meant("time", "03:00", "three")
    added = calendar.say("AddEvent", dentist, day, at)
    assert added == "I added dentist visit, on Monday, November 23 at 3:00 PM."
    assert "dentist visit" in calendar.say("Agenda", day)
    assert calendar.say("Agenda") == "You have nothing planned today."
    assert calendar.say("WhenIs", unknown("event", "dentist")).startswith("Dentist visit is on Mon")
    assert calendar.say("NextEvent").startswith("Next is dentist visit")
    assert "off your calendar" in calendar.say("DeleteEvent", dentist)
    assert calendar.say("NextEvent") == "Your calendar is empty."


def test_event_of_a_name_that_several_have_is_not_deleted(skill: Open) -> None:
    calendar = skill("calendar")
    yoga = known("event", "yoga class")
    for day in ("2026-11-23", "2026-11-30"):
        calendar.say("AddEvent", yoga, meant("date", day))
    assert calendar.answer("DeleteEvent", yoga).ask == "date"
    assert "I find no" in calendar.say("DeleteEvent", yoga, meant("date", "2026-11-24"))
    assert "November 30" in calendar.say("DeleteEvent", yoga, meant("date", "2026-11-30"))
    assert "November 23" in calendar.say("NextEvent")


def test_agenda_of_a_weekend_and_a_week(skill: Open) -> None:
    calendar = skill("calendar")
    calendar.say("AddEvent", known("event", "barbecue"), meant("date", "2026-11-22"))
    assert "barbecue" in calendar.say("Agenda", meant("date", "2026-W47-WE"))
    assert "barbecue" in calendar.say("Agenda", meant("date", "2026-W47"))
    assert "nothing" in calendar.say("Agenda", meant("date", "2026-W48"))


def test_event_in_the_past_or_on_no_single_day_is_not_added(skill: Open) -> None:
    calendar = skill("calendar")
    event = known("event", "barbecue")
    assert (
        calendar.say("AddEvent", event, meant("date", "2026-11-19")) == "That day is already past."
    )
    assert calendar.answer("AddEvent", event, meant("date", "2026-11")).ask == "date"
    assert calendar.say("NextEvent") == "Your calendar is empty."


def test_clock_tells_time_elsewhere_in_the_words_of_the_person(skill: Open) -> None:
    clock = skill("clock")
    assert clock.say("TellTime") == "It is 5:40 PM."
    osaka = known("place", "osaka", "Asia/Tokyo", "Tokyo")
    assert clock.say("TellTime", osaka) == "In Osaka it is 1:40 AM tomorrow."
    assert clock.say("TimeDifference", osaka) == "Osaka is 8 hours ahead of us."
    nepal = known("place", "Nepal", "Asia/Kathmandu", "Kathmandu")
    assert clock.say("TimeDifference", nepal) == "Nepal is 4.75 hours ahead of us."
    assert (
        clock.say("TellTime", unknown("place", "Atlantis")) == "I don't know the time in Atlantis."
    )


def test_clock_counts_days(skill: Open) -> None:
    clock = skill("clock")
    assert clock.say("TellDate") == "Today is Friday, November 20, 2026."
    christmas = meant("date", "2026-12-25")
    assert clock.say("DaysUntil", christmas) == "Friday, December 25 is in 35 days."
    assert clock.say("TellDate", christmas) == "That is Friday, December 25, 2026."
    assert clock.say("DaysUntil", meant("date", "2026-11-20")) == "That is today!"
    assert clock.answer("DaysUntil", meant("date", "2026-W50")).ask == "date"
