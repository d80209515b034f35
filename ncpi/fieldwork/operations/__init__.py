"""What people do in the fieldwork: people and times, sessions wanted, timetables, invitations."""
