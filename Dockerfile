# One image for all processes: web by itself, others by their command (see the Procfile).
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/photos

COPY requirements.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# Any key will do: nobody is served here.
RUN SECRET_KEY=only-to-collect-static-files python manage.py collectstatic --noinput
RUN mkdir -p /data/media && chown -R 1000:1000 /data

# Data of a set-up without PostgreSQL and a bucket.
ENV DATABASE_URL=sqlite:////data/db.sqlite3 MEDIA_ROOT=/data/media
VOLUME /data
USER 1000:1000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=20s CMD python -c "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/health/live/', timeout=5)"
CMD ["gunicorn", "--config", "backoffice/gunicorn.py", "backoffice.wsgi"]
