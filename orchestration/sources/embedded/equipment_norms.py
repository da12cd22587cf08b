"""Minimum items of equipment by type of facility, the country's assumption.

Belongs here: that one table, used by the norm rows and by the generator of equipment.
"""

EQUIPMENT_MINIMUM: dict[str, dict[str, int]] = {
    "medical_point": {"glucometer": 1},
    "fap": {"glucometer": 1, "ecg": 1},
    "ambulatory": {"glucometer": 2, "ecg": 1, "defibrillator": 1, "ambulance": 1},
    "phc_centre": {"ecg": 2, "ultrasound_scanner": 1, "fluorograph": 1, "defibrillator": 1, "ambulance": 1},
    "polyclinic": {
        "ecg": 3, "ultrasound_scanner": 2, "xray": 1, "fluorograph": 1, "mammograph": 1, "endoscope": 1,
        "lab_analyser": 1, "haematology_analyser": 1, "defibrillator": 2, "dental_unit": 2,
    },
    "district_hospital": {
        "ecg": 3, "ultrasound_scanner": 2, "xray": 1, "ventilator": 2, "anaesthesia_machine": 1,
        "endoscope": 1, "lab_analyser": 1, "haematology_analyser": 1, "incubator": 2, "ambulance": 3,
    },
    "city_hospital": {
        "ecg": 4, "ultrasound_scanner": 2, "xray": 2, "ct": 1, "ventilator": 6, "anaesthesia_machine": 3,
        "endoscope": 2, "lab_analyser": 2, "defibrillator": 3,
    },
    "multiprofile_hospital": {
        "ecg": 8, "ultrasound_scanner": 5, "xray": 4, "ct": 1, "mri": 1, "ventilator": 20,
        "anaesthesia_machine": 8, "endoscope": 5, "dialysis": 6, "lab_analyser": 3,
    },
    "dispensary": {"ecg": 2, "ultrasound_scanner": 1, "xray": 1, "lab_analyser": 1},
    "perinatal": {"incubator": 15, "ventilator": 8, "ultrasound_scanner": 3, "anaesthesia_machine": 3},
    "emergency": {"ambulance": 25, "defibrillator": 15, "ecg": 15},
    "republican_centre": {
        "ct": 1, "mri": 1, "ventilator": 15, "anaesthesia_machine": 8, "ultrasound_scanner": 4,
    },
    "laboratory": {"lab_analyser": 2, "haematology_analyser": 1},
    "other": {"dental_unit": 3},
}  # fmt: skip
