"""Why the portal ended an enrolment. The firm reads these words; they are kept with it, and the sweep goes by them."""

LEFT_AUDIENCE = "Your firm is no longer among those that this program is for."
RESTING = "This program is for active partners, and your firm is suspended. Once it is reinstated, it takes part again by itself."
OVER = "The program is over."
