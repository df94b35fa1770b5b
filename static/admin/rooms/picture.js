// Lives here: the picture on a card: a chosen file before it is up, the server's versions after that.
// Not here: all else on the card (card.js).

export class Picture {
  constructor(thumb) {
    this.thumb = thumb;
    this.previewUrl = null;
    this.thumbnailUrl = thumb.src;
    // What the large view shows.
    this.large = { src: thumb.dataset.url ?? "", srcset: thumb.srcset };
  }

  /** A file that is yet to go up, instead of what is shown. */
  showFile(file) {
    const { thumb } = this;
    this.behind = { look: { srcset: thumb.srcset, src: thumb.getAttribute("src") }, large: this.large };
    this.forgetPreview();
    this.previewUrl = URL.createObjectURL(file);
    this.large = { srcset: "", src: this.previewUrl };
    Object.assign(thumb, this.large);
  }

  /** Back to what was shown before that file. */
  dropFile() {
    Object.assign(this.thumb, this.behind.look);
    this.large = this.behind.large;
    this.forgetPreview();
  }

  takeVersions(image) {
    this.thumbnailUrl = image.thumbnail_url;
    this.large = { src: image.url, srcset: image.srcset };
    if (this.thumb.src) this.replaceBy(image);
    else this.show(image);
  }

  show({ width, height, thumbnail_url: src }) {
    if (width && height) Object.assign(this.thumb, { width, height });
    Object.assign(this.thumb, { srcset: this.large.srcset, src });
  }

  // Only once the server's version is there to be drawn: no flicker, and nothing blank if it never comes.
  replaceBy(image) {
    const loaded = new Image();
    loaded.onload = () => {
      if (this.large.src !== image.url) return; // another one has come meanwhile
      this.show(image);
      this.forgetPreview();
    };
    Object.assign(loaded, { sizes: this.thumb.sizes, srcset: this.large.srcset, src: image.thumbnail_url });
  }

  forgetPreview() {
    if (this.previewUrl) URL.revokeObjectURL(this.previewUrl);
    this.previewUrl = null;
  }
}
