"""病案首页 (inpatient front sheet) as chart entries: its fields, their headers, one discharge."""
