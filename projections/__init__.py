"""What can be read from a view: functions of the state, available on any date and in any of the three times."""
