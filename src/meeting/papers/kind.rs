//! What a file is, by its content: a name says nothing.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use serde::Serialize;

/// How a paper is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// Page by page in the browser.
    Pdf,
    /// In the browser, as one page.
    Picture,
    /// Downloaded, and opened by a program.
    Office,
}

/// A kind of file that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileType {
    pub media_type: &'static str,
    pub kind: PaperKind,
    /// The usual ending first.
    endings: &'static [&'static str],
}

const fn of(media_type: &'static str, kind: PaperKind, endings: &'static [&'static str]) -> FileType {
    FileType { media_type, kind, endings }
}

const PDF: FileType = of("application/pdf", PaperKind::Pdf, &["pdf"]);
const PNG: FileType = of("image/png", PaperKind::Picture, &["png"]);
const JPEG: FileType = of("image/jpeg", PaperKind::Picture, &["jpg", "jpeg", "jfif"]);
const GIF: FileType = of("image/gif", PaperKind::Picture, &["gif"]);
const WEBP: FileType = of("image/webp", PaperKind::Picture, &["webp"]);
const BMP: FileType = of("image/bmp", PaperKind::Picture, &["bmp"]);
/// Browsers do not show it.
const TIFF: FileType = of("image/tiff", PaperKind::Office, &["tif", "tiff"]);
const RTF: FileType = of("application/rtf", PaperKind::Office, &["rtf"]);
/// The national standard for fixed layout (GB/T 33190-2016).
const OFD: FileType = of("application/ofd", PaperKind::Office, &["ofd"]);

/// By what an archive holds (ECMA-376; GB/T 33190).
const ARCHIVES: &[(&str, FileType)] = &[
    ("OFD.xml", OFD),
    ("word/document.xml", of("application/vnd.openxmlformats-officedocument.wordprocessingml.document", PaperKind::Office, &["docx", "docm"])),
    ("xl/workbook.xml", of("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", PaperKind::Office, &["xlsx", "xlsm"])),
    ("xl/workbook.bin", of("application/vnd.ms-excel.sheet.binary.macroenabled.12", PaperKind::Office, &["xlsb"])),
    ("ppt/presentation.xml", of("application/vnd.openxmlformats-officedocument.presentationml.presentation", PaperKind::Office, &["pptx", "pptm", "ppsx"])),
];

/// By the `mimetype` that stands first in an OpenDocument file.
const OPEN_DOCUMENTS: &[FileType] = &[
    of("application/vnd.oasis.opendocument.text", PaperKind::Office, &["odt"]),
    of("application/vnd.oasis.opendocument.spreadsheet", PaperKind::Office, &["ods"]),
    of("application/vnd.oasis.opendocument.presentation", PaperKind::Office, &["odp"]),
];

/// One container for all programs of before 2007: there the name decides among what it may be.
const COMPOUND: &[FileType] = &[
    of("application/msword", PaperKind::Office, &["doc", "dot"]),
    of("application/vnd.ms-excel", PaperKind::Office, &["xls", "xlt"]),
    of("application/vnd.ms-powerpoint", PaperKind::Office, &["ppt", "pps"]),
    of("application/wps-office.wps", PaperKind::Office, &["wps", "wpt"]),
    of("application/wps-office.et", PaperKind::Office, &["et", "ett"]),
    of("application/wps-office.dps", PaperKind::Office, &["dps", "dpt"]),
];

const HEAD: usize = 1024;
/// A directory of an archive larger than this is no document's.
const MOST_DIRECTORY: u64 = 4 << 20;

impl FileType {
    pub fn of_media_type(media_type: &str) -> Option<FileType> {
        let plain = [PDF, PNG, JPEG, GIF, WEBP, BMP, TIFF, RTF];
        let archived = ARCHIVES.iter().map(|(_, kind)| *kind);
        plain.into_iter().chain(archived).chain(OPEN_DOCUMENTS.iter().copied()).chain(COMPOUND.iter().copied()).find(|kind| kind.media_type == media_type)
    }

    /// The name, with an ending that fits the content.
    pub fn fitting(self, name: &str) -> String {
        let fits = ending(name).is_some_and(|ending| self.endings.contains(&ending.as_str()));
        match self.endings.first() {
            Some(usual) if !fits => format!("{name}.{usual}"),
            _ => name.to_owned(),
        }
    }
}

fn ending(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}

/// What the file is; none where it is nothing that is taken.
pub fn look(path: &Path, name: &str) -> io::Result<Option<FileType>> {
    let mut file = File::open(path)?;
    let mut head = Vec::with_capacity(HEAD);
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if let Some(found) = by_head(&head, name) {
        return Ok(Some(found));
    }
    if !head.starts_with(b"PK\x03\x04") {
        return Ok(None);
    }
    if let Some(found) = OPEN_DOCUMENTS.iter().find(|kind| is_open_document(&head, kind.media_type)) {
        return Ok(Some(*found));
    }
    let Some(directory) = directory(&mut file)? else { return Ok(None) };
    let names: Vec<&[u8]> = names_in(&directory).collect();
    Ok(ARCHIVES.iter().find(|(inside, _)| names.contains(&inside.as_bytes())).map(|(_, kind)| *kind))
}

fn by_head(head: &[u8], name: &str) -> Option<FileType> {
    let pdf = || head.windows(5).any(|five| five == b"%PDF-") && !head.trim_ascii_start().starts_with(b"<");
    match head {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some(PNG),
        [0xff, 0xd8, 0xff, ..] => Some(JPEG),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(GIF),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(WEBP),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Some(BMP),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(TIFF),
        [b'{', b'\\', b'r', b't', b'f', ..] => Some(RTF),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => {
            let ending = ending(name)?;
            COMPOUND.iter().find(|kind| kind.endings.contains(&ending.as_str())).copied()
        }
        _ => pdf().then_some(PDF),
    }
}

/// The first entry is `mimetype`, not compressed (OpenDocument 1.3, part 2, 3.3).
fn is_open_document(head: &[u8], media_type: &str) -> bool {
    head.get(30..38) == Some(b"mimetype") && head.get(38..).is_some_and(|rest| rest.starts_with(media_type.as_bytes()))
}

/// The archive's table of contents, which stands before its end.
fn directory(file: &mut File) -> io::Result<Option<Vec<u8>>> {
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(length.saturating_sub(22 + 0xffff)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let Some(end) = tail.windows(4).rposition(|four| four == b"PK\x05\x06") else { return Ok(None) };
    let number = |at: usize| tail.get(end + at..end + at + 4).and_then(|four| Some(u64::from(u32::from_le_bytes(four.try_into().ok()?))));
    let (Some(size), Some(offset)) = (number(12), number(16)) else { return Ok(None) };
    if size > MOST_DIRECTORY || offset.saturating_add(size) > length {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut directory = Vec::with_capacity(size as usize);
    file.take(size).read_to_end(&mut directory)?;
    Ok(Some(directory))
}

/// The names of a table of contents (APPNOTE 6.3.10, 4.3.12).
fn names_in(mut directory: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let entry = directory.strip_prefix(b"PK\x01\x02")?;
        let length = |at: usize| Some(usize::from(u16::from_le_bytes(entry.get(at..at + 2)?.try_into().ok()?)));
        let (name, extra, comment) = (length(24)?, length(26)?, length(28)?);
        let found = entry.get(42..42 + name)?;
        directory = entry.get(42 + name + extra + comment..)?;
        Some(found)
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// An archive with these empty files.
    pub fn archive(names: &[&str]) -> Vec<u8> {
        let (mut out, mut directory) = (vec![], vec![]);
        for name in names {
            let offset = out.len() as u32;
            let size = (name.len() as u16).to_le_bytes();
            out.extend([b"PK\x03\x04".as_slice(), &[0; 22], &size, &[0; 2], name.as_bytes()].concat());
            directory.extend([b"PK\x01\x02".as_slice(), &[0; 24], &size, &[0; 12], &offset.to_le_bytes(), name.as_bytes()].concat());
        }
        let (at, count) = (out.len() as u32, (names.len() as u16).to_le_bytes());
        let end = [b"PK\x05\x06".as_slice(), &[0; 4], &count, &count, &(directory.len() as u32).to_le_bytes(), &at.to_le_bytes(), &[0; 2]].concat();
        [out, directory, end].concat()
    }

    fn looked(bytes: &[u8], name: &str) -> Option<&'static str> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        look(file.path(), name).unwrap().map(|kind| kind.media_type)
    }

    #[test]
    fn content_decides_and_not_the_name() {
        assert_eq!(looked(b"%PDF-1.7\n", "a.exe"), Some("application/pdf"));
        assert_eq!(looked(b"\x89PNG\r\n\x1a\n....", "a.pdf"), Some("image/png"));
        assert_eq!(looked(b"\xff\xd8\xff\xe0", ""), Some("image/jpeg"));
        for refused in [&b"<html>%PDF-1.7"[..], b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ\x90", b"#!/bin/sh\n", b"", b"hello"] {
            assert_eq!(looked(refused, "paper.pdf"), None, "{refused:?}");
        }
    }

    #[test]
    fn archives_are_told_apart_by_what_they_hold() {
        assert_eq!(looked(&archive(&["[Content_Types].xml", "word/document.xml"]), "x.docx"), Some(ARCHIVES[1].1.media_type));
        assert_eq!(looked(&archive(&["OFD.xml", "Doc_0/Document.xml"]), "公文.ofd"), Some("application/ofd"));
        assert_eq!(looked(&archive(&["evil.html"]), "x.docx"), None, "any archive by the name of a document");
        let mut odt = archive(&["mimetype"]);
        odt.splice(38..38, b"application/vnd.oasis.opendocument.text".iter().copied());
        assert_eq!(looked(&odt, "x"), Some("application/vnd.oasis.opendocument.text"));
        let old = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0];
        assert_eq!(
            (looked(&old, "报告.DOC"), looked(&old, "表.et"), looked(&old, "setup.msi")),
            (Some("application/msword"), Some("application/wps-office.et"), None)
        );
    }

    #[test]
    fn a_name_gets_the_ending_that_fits() {
        let named = |media_type: &str, name: &str| FileType::of_media_type(media_type).unwrap().fitting(name);
        assert_eq!(named("application/pdf", "简报.PDF"), "简报.PDF");
        assert_eq!(named("application/pdf", "setup.exe"), "setup.exe.pdf");
        assert_eq!(named("image/jpeg", "照片"), "照片.jpg");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(start in prop::sample::select(vec![&b"PK\x03\x04"[..], b"PK\x05\x06", b""]), bytes in prop::collection::vec(any::<u8>(), 0..200), end in prop::sample::select(vec![&b"PK\x05\x06"[..], b""]), tail in prop::collection::vec(any::<u8>(), 0..40)) {
            looked(&[start, &bytes, end, &tail].concat(), "a.docx");
        }
    }
}
