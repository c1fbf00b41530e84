"""What comes in and goes out: lead files, exports and letters. No Qt, no database library."""
