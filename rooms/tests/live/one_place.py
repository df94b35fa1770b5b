"""The product as it is deployed, but for a process that lets in one upload at a time."""

from backoffice.wsgi import application as application
from rooms import admission

admission.FIRST_GUESS_S = 1.0
admission.places = admission.Places(1, for_others=0)
